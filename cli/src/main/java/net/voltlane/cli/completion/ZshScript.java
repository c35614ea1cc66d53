package net.voltlane.cli.completion;

/**
 * Makes the script for zsh of the one for bash, which turns on zsh's support for such scripts. It may be sourced, or be put as
 * {@code _NAME} into a folder of {@code fpath}.
 */
public final class ZshScript {

    private ZshScript() {}

    /**
     * The script for a command.
     *
     * @param name the command
     * @param bash picocli's script for bash
     */
    public static String of(String name, String bash) {
        // The first line is for compinit. From a folder of fpath, zsh runs all of this as a function at the first
        // completion,
        // and expects that it completes.
        return "#compdef " + name + "\n" + bash + """

                if [ -n "$ZSH_VERSION" ] && [ "${funcstack[1]}" = _NAME ]; then
                  _bash_complete -o default -F _complete_NAME
                fi
                """.replace("NAME", name);
    }
}
