package net.voltlane.systemtest.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.voltlane.testkit.pages.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The workflows of {@code .github} name scripts that exist, have no more rights than they say, and pin what they use.
 * Nobody runs them before a change is on the main branch, so a wrong name would be seen too late.
 */
class WorkflowsTest {
    private static final Path WORKFLOWS = Page.PROJECT.resolve(".github/workflows");
    private static final Path LANES = Page.PROJECT.resolve(".ci");
    private static final Set<String> COMMANDS = Set.of("mvn", "gh");
    private static final Pattern PINNED = Pattern.compile("[\\w.-]+/[\\w./-]+@[0-9a-f]{40}");
    private static final Pattern PROFILE = Pattern.compile(" -P(\\w+)");

    /** A step of a job, and where it is. */
    record Step(String place, Map<String, Object> fields) {
        @Override
        public String toString() {
            return place;
        }
    }

    static Stream<Path> workflows() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(WORKFLOWS)) {
            files = all.filter(file -> file.toString().endsWith(".yml"))
                    .sorted()
                    .toList();
        }
        return files.stream();
    }

    static Stream<Step> steps() throws IOException {
        List<Step> steps = new ArrayList<>();
        for (Path file : workflows().toList()) {
            jobs(file).forEach((name, job) -> {
                List<Object> list = list(job.get("steps"));
                for (int i = 0; i < list.size(); i++) {
                    steps.add(new Step(file.getFileName() + ", " + name + ", step " + (i + 1), map(list.get(i))));
                }
            });
        }
        return steps.stream();
    }

    @Test
    void thereAreThoseThatContributorsKnow() throws IOException {
        assertThat(workflows().map(file -> file.getFileName().toString()))
                .contains("build.yml", "nightly.yml", "release.yml");
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void noJobHasMoreRightsThanItNames(Path file) throws IOException {
        Map<String, Object> workflow = read(file);

        assertThat(workflow).as(file.toString()).containsKeys("name", "on", "permissions", "jobs");
        assertThat(map(workflow.get("permissions")).entrySet())
                .as("%s: rights of all jobs", file)
                .isSubsetOf(Map.of("contents", (Object) "read").entrySet());
        jobs(file).forEach((name, job) -> {
            assertThat(job).as("%s, %s", file, name).containsKey("timeout-minutes");
            assertThat(map(workflow.get("permissions")).isEmpty() && !job.containsKey("permissions"))
                    .as("%s, %s: says which rights it needs", file, name)
                    .isFalse();
        });
    }

    @ParameterizedTest
    @MethodSource("steps")
    void whatAStepRunsIsThere(Step step) throws IOException {
        Object run = step.fields().get("run");
        Object uses = step.fields().get("uses");
        assertThat((run == null) != (uses == null)).as("%s runs or uses", step).isTrue();
        if (uses != null) {
            assertThat(uses.toString())
                    .as("%s: the commit, as a tag can be moved", step)
                    .matches(PINNED);
            return;
        }
        assertThat(run.toString()).as("%s: texts that others choose", step).doesNotContain("${{");
        for (String line : run.toString().strip().split("\n")) {
            String command = line.strip().split("\\s+")[0];
            if (!COMMANDS.contains(command)) {
                assertThat(Page.PROJECT.resolve(command))
                        .as(step.toString())
                        .isRegularFile()
                        .isExecutable();
            }
            for (Matcher profile = PROFILE.matcher(line); profile.find(); ) {
                assertThat(Files.readString(Page.PROJECT.resolve("pom.xml")))
                        .as(step.toString())
                        .contains("<id>" + profile.group(1) + "</id>");
            }
        }
    }

    /** Lanes that other lanes call count as called, names in comments do not. */
    @Test
    void everyLaneIsCalled() throws IOException {
        StringBuilder callers = new StringBuilder();
        for (Path file : workflows().toList()) {
            callers.append(Files.readString(file).replaceAll("(?m)^\\s*#.*", ""));
        }
        List<Path> lanes;
        try (Stream<Path> files = Files.list(LANES)) {
            lanes = files.sorted().toList();
        }
        for (Path lane : lanes) {
            callers.append(Files.readString(lane).replaceAll("(?m)^\\s*#.*", ""));
        }
        for (Path lane : lanes) {
            String name = lane.getFileName().toString();
            if (!name.equals("run")) {
                assertThat(callers.toString())
                        .as("a workflow or .ci/run that calls .ci/%s", name)
                        .containsPattern("(?m)(^|\\s)\\.ci/" + Pattern.quote(name) + "(\\s|$)");
            }
        }
    }

    /** The jobs of a workflow by name. */
    private static Map<String, Map<String, Object>> jobs(Path file) {
        Map<String, Map<String, Object>> jobs = new TreeMap<>();
        map(read(file).get("jobs")).forEach((name, job) -> jobs.put(name, map(job)));
        assertThat(jobs).as(file.toString()).isNotEmpty();
        return jobs;
    }

    private static Map<String, Object> read(Path file) {
        try {
            LoaderOptions options = new LoaderOptions();
            options.setAllowDuplicateKeys(false);
            // YAML 1.1 takes "on" for true, GitHub does not.
            String text = Files.readString(file).replaceFirst("(?m)^on:", "\"on\":");
            return map(new Yaml(new SafeConstructor(options)).<Object>load(text));
        } catch (IOException e) {
            throw new AssertionError(file.toString(), e);
        }
    }

    private static Map<String, Object> map(Object value) {
        Map<String, Object> map = new TreeMap<>();
        assertThat(value).isInstanceOf(Map.class);
        ((Map<?, ?>) value).forEach((name, field) -> map.put(name.toString(), field == null ? "" : field));
        return map;
    }

    private static List<Object> list(Object value) {
        assertThat(value).isInstanceOf(List.class);
        return List.copyOf((List<?>) value);
    }
}
