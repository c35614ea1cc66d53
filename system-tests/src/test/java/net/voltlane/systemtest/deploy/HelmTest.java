package net.voltlane.systemtest.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.voltlane.server.config.ServerConfig;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chart {@code deploy/helm/voltlane}: it says the same as {@code deploy/kubernetes}. */
class HelmTest {
    private static final Path CHART = Project.DEPLOY.resolve("helm/voltlane");
    private static final String[] TEMPLATE = {
        "helm", "template", "voltlane", "deploy/helm/voltlane", "--kube-version", "1.32.0"
    };

    @Test
    void itHasTheVersionOfTheProject() throws IOException {
        Yaml chart = Yaml.read(CHART.resolve("Chart.yaml"));
        assertThat(chart.at("version").text()).isEqualTo(Project.version());
        assertThat(chart.at("appVersion").text()).isEqualTo(Project.version());
    }

    @Test
    void templatesUseTheValuesThatAreThere() throws IOException {
        Yaml values = Yaml.read(CHART.resolve("values.yaml"));
        TreeSet<String> used = new TreeSet<>();
        try (Stream<Path> templates = Files.list(CHART.resolve("templates"))) {
            for (Path template : templates.toList()) {
                Matcher matcher = Pattern.compile("\\.Values\\.([A-Za-z._]+)").matcher(Files.readString(template));
                while (matcher.find()) {
                    String[] keys = matcher.group(1).split("\\.");
                    used.add(keys[0]);
                    assertThat(values.at(keys).value())
                            .as("%s: %s", template.getFileName(), matcher.group())
                            .isNotNull();
                }
            }
        }
        assertThat(used).containsExactlyInAnyOrderElementsOf(values.keys());
    }

    @Test
    void theSchemaKnowsAllValues() throws IOException {
        Yaml values = Yaml.read(CHART.resolve("values.yaml"));
        Yaml schema = Yaml.read(CHART.resolve("values.schema.json"));
        List<String> known = new ArrayList<>(schema.at("properties").keys());
        assertThat(known.remove("global")).isTrue();
        assertThat(known).containsExactlyInAnyOrderElementsOf(values.keys());
        assertThat(values.keys()).containsAll(schema.at("required").texts());
        for (String key : known) {
            if (schema.at("properties", key, "additionalProperties").text().equals("false")) {
                assertThat(schema.at("properties", key, "properties").keys())
                        .as(key)
                        .containsExactlyElementsOf(values.at(key).keys());
            }
        }
    }

    @Test
    void itsConfigurationIsThatOfTheManifests(@TempDir Path directory) throws Exception {
        Yaml config = Yaml.read(CHART.resolve("values.yaml")).at("config");
        StringBuilder toml = new StringBuilder();
        for (String section : config.keys()) {
            toml.append("[").append(section).append("]\n");
            for (String key : config.at(section).keys()) {
                Object value = config.at(section, key).value();
                toml.append(key)
                        .append(" = ")
                        .append(value instanceof String ? "\"" + value + "\"" : value)
                        .append("\n");
            }
        }
        Path file = Files.writeString(directory.resolve("connserver.toml"), toml);
        assertThat(Project.load(file, Map.of()))
                .isEqualTo(Project.load(Manifests.FOLDER.resolve("connserver.toml"), Map.of()));
    }

    @Test
    void whatHelmMakesIsWhatTheManifestsSay(@TempDir Path directory) throws Exception {
        Map<String, Yaml> rendered = rendered();
        Map<String, Yaml> manifests = Manifests.kustomized();
        assertThat(rendered.keySet()).isEqualTo(manifests.keySet());
        for (Map.Entry<String, Yaml> entry : rendered.entrySet()) {
            Yaml expected = manifests.get(entry.getKey());
            assertThat(entry.getValue().at("metadata", "labels").keys())
                    .as(entry.getKey())
                    .containsAll(expected.at("metadata", "labels").keys());
            assertThat(entry.getValue().at("spec").value())
                    .as(entry.getKey())
                    .isEqualTo(expected.at("spec").value());
            assertThat(entry.getValue().at("apiVersion")).isEqualTo(expected.at("apiVersion"));
        }
        Path file = Files.writeString(
                directory.resolve("connserver.toml"),
                rendered.get("ConfigMap/voltlane").at("data", "connserver.toml").text());
        ServerConfig config = Project.load(file, Map.of());
        assertThat(config).isEqualTo(Project.load(Manifests.FOLDER.resolve("connserver.toml"), Map.of()));
    }

    @Test
    void valuesReachTheManifests() throws Exception {
        Map<String, Yaml> rendered = rendered(
                "--set",
                "config.general.drain_timeout_secs=60",
                "--set",
                "config.listener.address=0.0.0.0:5000",
                "--set",
                "config.websocket.origins={https://example.com}",
                "--set",
                "env.VOLTLANE_LOG_LEVEL=Debug",
                "--set-json",
                "config.listener.max_frame_size=1073741824");
        assertThat(Manifests.pod(rendered).at("terminationGracePeriodSeconds").number())
                .isEqualTo(70);
        assertThat(Manifests.container(rendered)
                        .at("ports")
                        .item("name", "clients")
                        .at("containerPort")
                        .number())
                .isEqualTo(5000);
        assertThat(Manifests.container(rendered)
                        .at("env")
                        .item("name", "VOLTLANE_LOG_LEVEL")
                        .at("value")
                        .text())
                .isEqualTo("Debug");
        assertThat(rendered.get("ConfigMap/voltlane")
                        .at("data", "connserver.toml")
                        .text())
                .contains(
                        "drain_timeout_secs = 60\n",
                        "max_frame_size = 1073741824\n",
                        "[websocket]\norigins = [\"https://example.com\"]\n");
    }

    private static Map<String, Yaml> rendered(String... arguments) throws Exception {
        Assumptions.assumeTrue(Project.has("helm"), "left out: helm is not installed");
        String[] command =
                Stream.concat(Stream.of(TEMPLATE), Stream.of(arguments)).toArray(String[]::new);
        return Manifests.byName(Yaml.documents(Project.output(command)));
    }
}
