package net.voltlane.image;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The configuration of the image: what a container of it runs, as whom, and what is said about it.
 *
 * @param version of Voltlane
 * @param time that the image was created, by the build's own account
 * @param revision the commit, or empty
 */
record ImageConfig(String version, Instant time, String revision) {
    /** The folder with the server's configuration, where the command looks for it. */
    private static final String FOLDER = "/etc/voltlane";

    private static final String HOME = "/opt/voltlane";

    JsonObject json(List<Layer> layers) {
        JsonObject json = new JsonObject();
        json.addProperty("created", time.toString());
        json.addProperty("architecture", "amd64");
        json.addProperty("os", "linux");
        json.add("config", config());
        JsonObject files = new JsonObject();
        files.addProperty("type", "layers");
        JsonArray diffIds = new JsonArray();
        JsonArray history = new JsonArray();
        for (Layer layer : layers) {
            diffIds.add(layer.diffId());
            JsonObject step = new JsonObject();
            step.addProperty("created", time.toString());
            step.addProperty("created_by", "distribution/image: " + layer.name());
            history.add(step);
        }
        files.add("diff_ids", diffIds);
        json.add("rootfs", files);
        json.add("history", history);
        return json;
    }

    private JsonObject config() {
        JsonObject config = new JsonObject();
        // By numbers: Kubernetes must see that it is not root, and knows no names of the image.
        config.addProperty("User", Rights.SERVER + ":" + Rights.SERVER);
        config.add(
                "Env",
                strings(
                        "PATH=" + HOME + "/bin:" + HOME + "/runtime/bin",
                        "LC_ALL=C.UTF-8",
                        // The C library would give each of the few threads an arena of its own.
                        "MALLOC_ARENA_MAX=2"));
        config.add("Entrypoint", strings(HOME + "/bin/voltlane"));
        config.add("Cmd", strings("serve"));
        config.addProperty("WorkingDir", FOLDER);
        config.add("ExposedPorts", set("42000/tcp", "42002/tcp"));
        config.add("Volumes", set("/data"));
        config.addProperty("StopSignal", "SIGTERM");
        config.add("Healthcheck", healthcheck());
        config.add("Labels", labels());
        return config;
    }

    /** Docker's own: the format of OCI has none, and other programs pass over it. */
    private static JsonObject healthcheck() {
        JsonObject check = new JsonObject();
        check.add("Test", strings("CMD", HOME + "/bin/voltlane", "healthcheck"));
        check.addProperty("Interval", Duration.ofSeconds(10).toNanos());
        check.addProperty("Timeout", Duration.ofSeconds(6).toNanos());
        check.addProperty("StartPeriod", Duration.ofSeconds(10).toNanos());
        check.addProperty("Retries", 3);
        return check;
    }

    private JsonObject labels() {
        Map<String, String> labels = new TreeMap<>(Map.of(
                "title",
                "Voltlane",
                "description",
                "Multiplexes thousands of client connections into one connection to a backend",
                "version",
                version,
                "created",
                time.toString(),
                "vendor",
                "Voltlane",
                // Of Voltlane and its jars, the Java runtime, and the C library; the texts are in the image.
                "licenses",
                "Apache-2.0 AND BSD-2-Clause AND BSD-3-Clause AND EPL-2.0 AND MIT AND"
                        + " GPL-2.0-only WITH Classpath-exception-2.0 AND LGPL-2.1-or-later"));
        if (!revision.isEmpty()) {
            labels.put("revision", revision);
        }
        JsonObject json = new JsonObject();
        labels.forEach((name, value) -> json.addProperty("org.opencontainers.image." + name, value));
        return json;
    }

    private static JsonArray strings(String... values) {
        JsonArray array = new JsonArray();
        for (String value : values) {
            array.add(value);
        }
        return array;
    }

    /** A set, as the format writes it: an object of empty objects. */
    private static JsonObject set(String... values) {
        JsonObject set = new JsonObject();
        for (String value : values) {
            set.add(value, new JsonObject());
        }
        return set;
    }
}
