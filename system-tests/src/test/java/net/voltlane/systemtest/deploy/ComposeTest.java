package net.voltlane.systemtest.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.testkit.pages.Page;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code deploy/compose.yaml} and the files that it mounts. */
class ComposeTest {
    private static final Path FILE = Project.DEPLOY.resolve("compose.yaml");
    private static final List<String> SERVICES = List.of("server", "backend", "prometheus", "grafana");

    private Yaml compose = new Yaml(null);
    private ServerConfig config = ServerConfig.defaults();

    @BeforeEach
    void read() throws Exception {
        compose = Yaml.read(FILE);
        Yaml environment = service("server").at("environment");
        Map<String, String> variables = new TreeMap<>();
        environment.keys().forEach(key -> variables.put(key, environment.at(key).text()));
        config = Project.inContainer(variables);
    }

    private Yaml service(String name) {
        return compose.at("services", name);
    }

    @Test
    void theServerIsPublishedAtThePortsOnWhichItListens() {
        assertThat(service("server").at("ports").texts())
                .containsExactlyInAnyOrder(
                        published(config.listener().address().orElseThrow().port()),
                        published(config.webSocket().address().orElseThrow().port()),
                        published(config.admin().address().orElseThrow().port()));
        assertThat(Stream.of(
                        config.listener().address(),
                        config.webSocket().address(),
                        config.admin().address()))
                .allMatch(address -> address.orElseThrow().host().equals("0.0.0.0"));
    }

    private static String published(int port) {
        return "127.0.0.1:" + port + ":" + port;
    }

    @Test
    void theServerDialsTheBackendWhichSpeaksVersion3() throws IOException {
        assertThat(compose.at("services").keys())
                .contains(config.master().address().host());
        List<String> entrypoint = service("backend").at("entrypoint").texts();
        assertThat(entrypoint.get(entrypoint.size() - 1))
                .isEqualTo("0.0.0.0:" + config.master().address().port());
        Path main =
                Path.of("src/main/java", entrypoint.get(entrypoint.size() - 2).replace('.', '/') + ".java");
        assertThat(Page.PROJECT.resolve("examples/chat").resolve(main)).exists();
        assertThat(config.master().protocol()).isEqualTo(3);
    }

    @Test
    void imagesHaveAVersion() throws IOException {
        for (String name : List.of("server", "backend")) {
            assertThat(service(name).at("image").text()).isEqualTo("voltlane:" + Project.version());
        }
        for (String name : List.of("prometheus", "grafana")) {
            assertThat(service(name).at("image").text()).matches("[a-z/]+:v?\\d+\\.\\d+\\.\\d+");
        }
    }

    @Test
    void filesAndVolumesThatAreMountedAreThere() {
        for (String name : SERVICES) {
            for (String mount : mounts(name)) {
                String source = mount.substring(0, mount.indexOf(':'));
                if (!source.startsWith(".")) {
                    assertThat(compose.at("volumes").keys()).as(mount).contains(source);
                } else {
                    assertThat(FILE.resolveSibling(source)).as(mount).exists();
                }
            }
            assertThat(compose.at("networks").keys())
                    .containsAll(service(name).at("networks").texts());
        }
    }

    @Test
    void everythingHasAsFewRightsAsItCan() throws IOException {
        assertThat(compose.at("services").keys()).isEqualTo(SERVICES);
        for (String name : SERVICES) {
            assertThat(service(name).at("cap_drop").texts()).as(name).containsExactly("ALL");
            assertThat(service(name).at("security_opt").texts()).as(name).containsExactly("no-new-privileges");
        }
        assertThat(service("server").at("read_only").text()).isEqualTo("true");
        // The token in the server's volume is readable for its user alone.
        assertThat(service("prometheus").at("user").text()).isEqualTo(Project.user() + ":" + Project.user());
        assertThat(compose.at("networks", "backend", "internal").text()).isEqualTo("true");
    }

    @Test
    void dockerWaitsForTheDrain() {
        String grace = service("server").at("stop_grace_period").text();
        assertThat(Integer.parseInt(Project.find(grace, "^(\\d+)s$")))
                .isGreaterThanOrEqualTo(config.general().drainTimeoutSecs() + 5);
    }

    @Test
    void prometheusMayAskTheServer() throws IOException {
        Yaml prometheus = Yaml.read(Project.DEPLOY.resolve("compose/prometheus.yml"));
        Yaml scrape = prometheus.at("scrape_configs").items().get(0);
        assertThat(scrape.at("static_configs").items().get(0).at("targets").texts())
                .containsExactly(
                        "server:" + config.admin().address().orElseThrow().port());
        assertThat(config.admin().hosts()).contains("server");
        // Where the server's volume is mounted in each.
        String token = config.admin().tokenFile();
        assertThat(token).startsWith(mounted("server", "server") + "/");
        assertThat(scrape.at("authorization", "credentials_file").text())
                .isEqualTo(mounted("prometheus", "server") + token.substring(token.lastIndexOf('/')));
        assertThat(mounted("prometheus", "./prometheus/alerts.yml"))
                .isEqualTo(
                        "/etc/prometheus/" + prometheus.at("rule_files").texts().get(0));
    }

    @Test
    void grafanaShowsTheDashboard() throws IOException {
        Path provisioning = Project.DEPLOY.resolve("grafana/provisioning");
        Yaml source = Yaml.read(provisioning.resolve("datasources/prometheus.yml"))
                .at("datasources")
                .items()
                .get(0);
        assertThat(source.at("url").text()).isEqualTo("http://prometheus:9090");
        assertThat(service("prometheus").at("ports").texts()).containsExactly(published(9090));
        Yaml provider = Yaml.read(provisioning.resolve("dashboards/voltlane.yml"))
                .at("providers")
                .items()
                .get(0);
        String folder = provider.at("options", "path").text();
        assertThat(mounted("grafana", "./grafana/voltlane.json")).isEqualTo(folder + "/voltlane.json");
        assertThat(service("grafana")
                        .at("environment", "GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH")
                        .text())
                .isEqualTo(folder + "/voltlane.json");
    }

    /** The jar that a build makes: without it, the short form of a mount has Docker make a folder in its place. */
    @Test
    void aMissingJarOfTheChatIsNotMadeAFolder() throws IOException {
        for (String file : List.of("compose.yaml", "compose.cluster.yaml")) {
            Yaml mount = Yaml.read(FILE.resolveSibling(file))
                    .at("services", "backend", "volumes")
                    .item("target", "/chat/chat.jar");
            assertThat(mount.at("bind", "create_host_path").text()).as(file).isEqualTo("false");
            assertThat(mount.at("read_only").text()).as(file).isEqualTo("true");
            Path jar = FILE.resolveSibling(mount.at("source").text()).normalize();
            assertThat(jar).as(file).endsWithRaw(Path.of("target/chat.jar"));
            assertThat(jar.resolve("../../pom.xml").normalize()).as(file).exists();
        }
    }

    /** Mounts in the short form, {@code source:target}. */
    private List<String> mounts(String name) {
        return service(name).at("volumes").items().stream()
                .filter(mount -> mount.keys().isEmpty())
                .map(Yaml::text)
                .toList();
    }

    private String mounted(String name, String source) {
        for (String mount : mounts(name)) {
            if (mount.startsWith(source + ":")) {
                return mount.split(":")[1];
            }
        }
        throw new AssertionError(name + " does not mount " + source);
    }

    @Test
    void dockerUnderstandsIt() throws Exception {
        Assumptions.assumeTrue(
                Project.has("docker")
                        && new ProcessBuilder("docker", "compose", "version")
                                        .start()
                                        .waitFor()
                                == 0,
                "left out: docker compose is not installed");
        assertThat(Project.output("docker", "compose", "-f", "deploy/compose.yaml", "config", "--services")
                        .lines())
                .containsExactlyInAnyOrderElementsOf(SERVICES);
    }
}
