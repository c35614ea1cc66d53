package net.voltlane.systemtest.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.config.StoreKind;
import net.voltlane.testkit.pages.Page;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code deploy/compose.cluster.yaml}: three servers on Redis, with one backend. */
class ComposeClusterTest {
    private static final Path FILE = Project.DEPLOY.resolve("compose.cluster.yaml");
    private static final List<String> SERVERS = List.of("server1", "server2", "server3");
    private static final List<String> SERVICES = List.of("server1", "server2", "server3", "redis", "backend");
    private static final String KEY_VARIABLE = "VOLTLANE_LISTENER_KEY";
    private static final String KEY = "01".repeat(32);

    private Yaml compose = new Yaml(null);
    private final Map<String, ServerConfig> configs = new TreeMap<>();

    @BeforeEach
    void read() throws Exception {
        compose = Yaml.read(FILE);
        for (String server : SERVERS) {
            Yaml environment = service(server).at("environment");
            Map<String, String> variables = new TreeMap<>();
            environment
                    .keys()
                    .forEach(key -> variables.put(key, environment.at(key).text()));
            // Compose puts in what its user has made.
            assertThat(variables.put(KEY_VARIABLE, KEY)).startsWith("${" + KEY_VARIABLE + ":?");
            configs.put(server, Project.inContainer(variables));
        }
    }

    private Yaml service(String name) {
        return compose.at("services", name);
    }

    @Test
    void theServersDifferInNameAndAddressAlone() {
        assertThat(configs.values())
                .extracting(config -> config.server().name())
                .containsExactlyElementsOf(SERVERS);
        assertThat(configs.values())
                .extracting(config -> config.server().advertise().orElseThrow())
                .doesNotHaveDuplicates();
        assertThat(configs.values()).extracting(ServerConfig::listener).containsOnly(first().listener());
        assertThat(configs.values()).extracting(ServerConfig::master).containsOnly(first().master());
        assertThat(configs.values()).extracting(ServerConfig::store).containsOnly(first().store());
        assertThat(first().listener().key()).isEqualTo(KEY);
    }

    private ServerConfig first() {
        return configs.values().iterator().next();
    }

    @Test
    void eachIsPublishedWhereItSaysThatClientsReachIt() {
        for (String server : SERVERS) {
            ServerConfig config = configs.get(server);
            assertThat(service(server).at("ports").texts())
                    .hasSize(2)
                    .contains(config.server().advertise().orElseThrow() + ":"
                            + config.listener().address().orElseThrow().port())
                    .anyMatch(published -> published.startsWith("127.0.0.1:")
                            && published.endsWith(
                                    ":" + config.admin().address().orElseThrow().port()));
        }
        assertThat(SERVERS.stream().flatMap(server -> service(server).at("ports").texts().stream()))
                .doesNotHaveDuplicates();
    }

    @Test
    void theyShareAStoreInWhichNothingIsThrownAway() {
        assertThat(first().store().kind()).isEqualTo(StoreKind.REDIS);
        assertThat(first().store().url()).isEqualTo("redis://redis:6379");
        assertThat(SERVERS)
                .allMatch(server -> service(server).at("networks").texts().contains("store"));
        List<String> command = service("redis").at("command").texts();
        assertThat(command.get(command.indexOf("--maxmemory-policy") + 1)).isEqualTo("noeviction");
        assertThat(command.get(command.indexOf("--appendonly") + 1)).isEqualTo("yes");
        assertThat(service("redis").at("ports").texts())
                .as("for the servers alone")
                .isEmpty();
    }

    @Test
    void theyDialOneBackendWhichSpeaksVersion3() {
        assertThat(first().master().protocol()).isEqualTo(3);
        assertThat(first().master().address().host()).isEqualTo("backend");
        List<String> entrypoint = service("backend").at("entrypoint").texts();
        assertThat(entrypoint.get(entrypoint.size() - 1))
                .isEqualTo("0.0.0.0:" + first().master().address().port());
        Path main =
                Path.of("src/main/java", entrypoint.get(entrypoint.size() - 2).replace('.', '/') + ".java");
        assertThat(Page.PROJECT.resolve("examples/chat").resolve(main)).exists();
    }

    @Test
    void imagesHaveAVersion() throws IOException {
        for (String name : SERVICES) {
            String image = service(name).at("image").text();
            if (name.equals("redis")) {
                assertThat(image).matches("redis:[78]\\.\\d+\\.\\d+");
            } else {
                assertThat(image).isEqualTo("voltlane:" + Project.version());
            }
        }
    }

    @Test
    void everythingHasAsFewRightsAsItCan() throws IOException {
        assertThat(compose.at("services").keys()).isEqualTo(SERVICES);
        for (String name : SERVICES) {
            assertThat(service(name).at("cap_drop").texts()).as(name).containsExactly("ALL");
            assertThat(service(name).at("security_opt").texts()).as(name).containsExactly("no-new-privileges");
            assertThat(service(name).at("read_only").text()).as(name).isEqualTo("true");
            assertThat(compose.at("networks").keys())
                    .containsAll(service(name).at("networks").texts());
        }
        for (String network : List.of("backend", "store")) {
            assertThat(compose.at("networks", network, "internal").text()).isEqualTo("true");
        }
        String data = "/data:uid=" + Project.user() + ",";
        for (String server : SERVERS) {
            assertThat(service(server).at("tmpfs").texts()).anyMatch(mount -> mount.startsWith(data));
        }
    }

    @Test
    void dockerWaitsForTheDrain() {
        for (String server : SERVERS) {
            String grace = service(server).at("stop_grace_period").text();
            assertThat(Integer.parseInt(Project.find(grace, "^(\\d+)s$")))
                    .isGreaterThanOrEqualTo(configs.get(server).general().drainTimeoutSecs() + 5);
        }
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
        assertThat(Project.output(
                                "env",
                                KEY_VARIABLE + "=" + KEY,
                                "docker",
                                "compose",
                                "-f",
                                "deploy/compose.cluster.yaml",
                                "config",
                                "--services")
                        .lines())
                .containsExactlyInAnyOrderElementsOf(SERVICES);
    }
}
