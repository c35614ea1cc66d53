package net.voltlane.systemtest.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The manifests of {@code deploy/kubernetes}, as {@code kubectl apply -k} has them; a test compares that where kubectl is there. */
final class Manifests {
    static final Path FOLDER = Project.DEPLOY.resolve("kubernetes");

    private Manifests() {}

    /** All objects by kind and name, such as {@code Service/voltlane}. */
    static Map<String, Yaml> kustomized() throws IOException {
        Yaml kustomization = Yaml.read(FOLDER.resolve("kustomization.yaml"));
        List<Yaml> objects = new ArrayList<>();
        for (String file : kustomization.at("resources").texts()) {
            objects.addAll(Yaml.documents(FOLDER.resolve(file)));
        }
        for (Yaml generator : kustomization.at("configMapGenerator").items()) {
            Map<String, Object> data = new LinkedHashMap<>();
            for (String file : generator.at("files").texts()) {
                data.put(file, Files.readString(FOLDER.resolve(file)));
            }
            Map<String, Object> metadata =
                    new LinkedHashMap<>(Map.of("name", generator.at("name").text()));
            objects.add(new Yaml(new LinkedHashMap<>(
                    Map.of("apiVersion", "v1", "kind", "ConfigMap", "metadata", metadata, "data", data))));
        }
        Object labels = kustomization.at("labels").items().get(0).at("pairs").value();
        for (Yaml object : objects) {
            map(object.at("metadata")).put("labels", labels);
        }
        Map<String, Yaml> named = byName(objects);
        Yaml image = kustomization.at("images").items().get(0);
        Yaml container = container(named);
        map(container)
                .put("image", image.at("name").text() + ":" + image.at("newTag").text());
        return named;
    }

    static Map<String, Yaml> byName(List<Yaml> objects) {
        Map<String, Yaml> named = new TreeMap<>();
        for (Yaml object : objects) {
            String name = object.at("kind").text() + "/"
                    + object.at("metadata", "name").text();
            if (named.put(name, object) != null) {
                throw new AssertionError(name + " is there twice");
            }
        }
        return named;
    }

    static Yaml pod(Map<String, Yaml> objects) {
        return objects.get("StatefulSet/voltlane").at("spec", "template", "spec");
    }

    static Yaml container(Map<String, Yaml> objects) {
        return pod(objects).at("containers").item("name", "voltlane");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Yaml place) {
        return (Map<String, Object>) place.value();
    }
}
