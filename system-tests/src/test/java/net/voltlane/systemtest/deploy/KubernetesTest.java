package net.voltlane.systemtest.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.voltlane.server.config.ServerConfig;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code deploy/kubernetes}: the manifests agree with their configuration of the server, with the image, and with each other. */
class KubernetesTest {
    private Map<String, Yaml> objects = Map.of();
    private ServerConfig config = ServerConfig.defaults();

    @BeforeEach
    void read() throws Exception {
        objects = Manifests.kustomized();
        config = Project.load(Manifests.FOLDER.resolve("connserver.toml"), Map.of());
    }

    private Yaml object(String name) {
        assertThat(objects).containsKey(name);
        return objects.get(name);
    }

    @Test
    void everyFileOfTheFolderIsInUse() throws IOException {
        Yaml kustomization = Yaml.read(Manifests.FOLDER.resolve("kustomization.yaml"));
        try (Stream<Path> files = Files.list(Manifests.FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Stream.of(
                                    List.of("kustomization.yaml", "connserver.toml"),
                                    kustomization.at("resources").texts())
                            .flatMap(List::stream)
                            .toList());
        }
        assertThat(kustomization.at("images").items().get(0).at("newTag").text())
                .isEqualTo(Project.version());
    }

    @Test
    void portsAreThoseOfTheServer() {
        Yaml ports = Manifests.container(objects).at("ports");
        assertThat(config.listener().address().orElseThrow())
                .hasToString("0.0.0.0:" + ports.item("name", "clients").at("containerPort"));
        assertThat(config.admin().address().orElseThrow())
                .hasToString("0.0.0.0:" + ports.item("name", "admin").at("containerPort"));
        for (String service : List.of("Service/voltlane", "Service/voltlane-pods")) {
            for (Yaml port : object(service).at("spec", "ports").items()) {
                assertThat(port.at("targetPort").text())
                        .isEqualTo(port.at("name").text());
                assertThat(port.at("port").text())
                        .isEqualTo(ports.item("name", port.at("name").text())
                                .at("containerPort")
                                .text());
            }
        }
        List<Yaml> ingress =
                object("NetworkPolicy/voltlane").at("spec", "ingress").items();
        assertThat(ingress.get(0).at("ports").items().get(0).at("port").text()).isEqualTo("clients");
        assertThat(ingress.get(0).at("from").value()).isNull();
        assertThat(ingress.get(1).at("ports").items().get(0).at("port").text()).isEqualTo("admin");
        assertThat(ingress.get(1).at("from").items()).isNotEmpty();
        assertThat(object("NetworkPolicy/voltlane")
                        .at("spec", "egress")
                        .items()
                        .get(0)
                        .at("ports")
                        .items()
                        .get(0))
                .hasToString("{port=" + config.master().address().port() + "}");
    }

    @Test
    void probesAskWhatTheServerAnswers() {
        Yaml container = Manifests.container(objects);
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            // A restart helps a server that hangs. One that waits for its backend would only lose its sessions.
            assertThat(container.at(probe, "httpGet", "path").text())
                    .isEqualTo(probe.equals("readinessProbe") ? "/readyz" : "/livez");
            assertThat(container.at(probe, "httpGet", "port").text()).isEqualTo("admin");
        }
    }

    @Test
    void kubernetesWaitsForTheDrain() {
        assertThat(Manifests.pod(objects).at("terminationGracePeriodSeconds").number())
                .isEqualTo(Manifests.container(objects)
                                .at("lifecycle", "preStop", "sleep", "seconds")
                                .number()
                        + config.general().drainTimeoutSecs()
                        + 5);
    }

    @Test
    void selectorsFindThePods() {
        Object labels = object("StatefulSet/voltlane")
                .at("spec", "template", "metadata", "labels")
                .value();
        assertThat(object("StatefulSet/voltlane")
                        .at("spec", "selector", "matchLabels")
                        .value())
                .isEqualTo(labels);
        assertThat(object("Service/voltlane").at("spec", "selector").value()).isEqualTo(labels);
        assertThat(object("Service/voltlane-pods").at("spec", "selector").value())
                .isEqualTo(labels);
        assertThat(object("PodDisruptionBudget/voltlane")
                        .at("spec", "selector", "matchLabels")
                        .value())
                .isEqualTo(labels);
        assertThat(object("NetworkPolicy/voltlane")
                        .at("spec", "podSelector", "matchLabels")
                        .value())
                .isEqualTo(labels);
        assertThat(object("StatefulSet/voltlane").at("spec", "serviceName").text())
                .isEqualTo("voltlane-pods");
        assertThat(object("Service/voltlane-pods").at("spec", "clusterIP").text())
                .isEqualTo("None");
    }

    @Test
    void thePodKeepsToTheRestrictedStandard() throws IOException {
        Yaml pod = Manifests.pod(objects).at("securityContext");
        assertThat(pod.at("runAsNonRoot").text()).isEqualTo("true");
        assertThat(pod.at("seccompProfile", "type").text()).isEqualTo("RuntimeDefault");
        for (String key : List.of("runAsUser", "runAsGroup", "fsGroup")) {
            assertThat(pod.at(key).number()).as(key).isEqualTo(Project.user());
        }
        Yaml container = Manifests.container(objects).at("securityContext");
        assertThat(container.at("allowPrivilegeEscalation").text()).isEqualTo("false");
        assertThat(container.at("readOnlyRootFilesystem").text()).isEqualTo("true");
        assertThat(container.at("capabilities", "drop").texts()).containsExactly("ALL");
        assertThat(Manifests.pod(objects).at("automountServiceAccountToken").text())
                .isEqualTo("false");
    }

    @Test
    void configurationAndSecretAreMountedWhereTheServerLooks() throws IOException {
        Yaml mounts = Manifests.container(objects).at("volumeMounts");
        Yaml volumes = Manifests.pod(objects).at("volumes");
        assertThat(mounts.texts()).hasSameSizeAs(volumes.texts());
        String folder = Project.find(
                Files.readString(Project.DEPLOY.resolve(
                        "../distribution/image/src/main/java/net/voltlane/image/ImageConfig.java")),
                "FOLDER = \"([^\"]+)\"");
        assertThat(mounts.item("name", "config").at("mountPath").text()).isEqualTo(folder);
        assertThat(volumes.item("name", "config").at("configMap", "name").text())
                .isEqualTo("voltlane");
        assertThat(object("ConfigMap/voltlane").at("data").keys()).containsExactly("connserver.toml");
        String secrets = mounts.item("name", "secret").at("mountPath").text();
        assertThat(config.listener().keyFile()).isEqualTo(secrets + "/connserver.key");
        assertThat(config.admin().tokenFile()).isEqualTo(secrets + "/admin.token");
        // The server refuses a key that all may read: 0440.
        assertThat(volumes.item("name", "secret").at("secret", "defaultMode").number())
                .isEqualTo(0440);
    }

    @Test
    void kustomizeSaysTheSame() throws Exception {
        Assumptions.assumeTrue(Project.has("kubectl"), "left out: kubectl is not installed");
        assertThat(Manifests.byName(Yaml.documents(Project.output("kubectl", "kustomize", "deploy/kubernetes"))))
                .isEqualTo(objects);
    }
}
