# Sourced by scripts of this folder, for $home.
# shellcheck shell=bash disable=SC2154

# Copies what belongs to the project, without what was built, into folder $1. Modes are the same whatever umask the user has: archives
# hold them.
copy_sources() {
  umask 022
  mkdir -p "$1"
  if git -C "$home" rev-parse --git-dir >/dev/null 2>&1; then
    (cd "$home" && git ls-files -z --cached --others --exclude-standard --deduplicate |
      while IFS= read -r -d '' file; do if [ -e "$file" ]; then printf '%s\0' "$file"; fi; done |
      tar --null --mode=u=rwX,go=rX -cf - -T -) | tar -xf - -C "$1"
  else
    tar -C "$home" --exclude=target --mode=u=rwX,go=rX -cf - . | tar -xf - -C "$1"
  fi
}

# Makes folder $1 a local repository of Maven's with all that the user's holds, except this project's own artifacts: those of another
# build must neither be read nor written. It consists of links, so that what is downloaded is there for the next build as well.
private_repository() {
  local of_user=${MAVEN_REPOSITORY:-$HOME/.m2/repository} entry
  mkdir -p "$1/net" "$of_user/net"
  for entry in "$of_user"/* "$of_user"/net/*; do
    case $entry in
    "$of_user/net" | "$of_user/net/voltlane") ;;
    *) if [ -d "$entry" ]; then ln -s "$entry" "$1${entry#"$of_user"}"; fi ;;
    esac
  done
}

# The version of the project in folder $1.
version_in() {
  sed -n 's/^  <version>\(.*\)<\/version>$/\1/p' "$1/pom.xml" | head -n 1
}

# Changes the version of the project in $home from $1 to $2, in all files that name it: those that tools/release/version-test looks at.
set_version() {
  (
    cd "$home" || exit
    old=${1//./[.]}
    new=$2
    # Each POM names the version once, as its own or as its parent's; pages name it in what users copy.
    git ls-files -z '*pom.xml' | xargs -0 sed -i "0,/<version>$old<\/version>/s//<version>$new<\/version>/"
    git ls-files -z '*.md' distribution/archive/try.sh | xargs -0 sed -i "
      s/\(net\.voltlane:voltlane-[a-z]*:\)$old/\1$new/g
      s/\(voltlane[-_ ]\)$old\(\.tgz\|-1_amd64\|-linux\|-portable\|-oci\|-maven\| (Java\)/\1$new\2/g
      s/\(voltlane:\)$old/\1$new/g
      s/\(Starting Voltlane \)$old/\1$new/
      /<artifactId>voltlane-/,/<version>/s/<version>$old</<version>$new</"
    sed -i "s/^  \"version\": \"$old\"/  \"version\": \"$new\"/" sdk/javascript/package.json
    sed -i "s/\(image: voltlane:\)$old$/\1$new/" deploy/compose.yaml deploy/compose.cluster.yaml
    sed -i "s/\(newTag: \)$old$/\1$new/" deploy/kubernetes/kustomization.yaml
    sed -i "s/^\(version\|appVersion\): $old$/\1: $new/" deploy/helm/voltlane/Chart.yaml
  )
}
