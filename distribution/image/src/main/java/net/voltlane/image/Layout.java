package net.voltlane.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An archive that is an OCI image layout, and that {@code docker load} takes as well, also where it knows no layouts:
 *
 * <pre>
 * oci-layout       the version of the format
 * index.json       points to the manifest, under the image's tag
 * manifest.json    Docker's list of images; points to configuration and layers
 * blobs/sha256/…   manifest, configuration and layers, by their hashes
 * </pre>
 */
final class Layout {
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    private static final String CONFIG = "application/vnd.oci.image.config.v1+json";
    private static final String LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
    private static final Rights PLAIN = Rights.ofFile(false);

    private final Blobs blobs;
    private final ImageConfig config;
    private final List<Layer> layers;

    /** @param layers whose blobs are in the store, the lowest first */
    Layout(Blobs blobs, ImageConfig config, List<Layer> layers) {
        this.blobs = blobs;
        this.config = config;
        this.layers = layers;
    }

    void write(Path file) throws IOException {
        Blob configuration = blobs.put(bytes(config.json(layers)));
        Blob manifest = blobs.put(bytes(manifest(configuration)));
        List<Blob> all = new ArrayList<>(List.of(manifest, configuration));
        layers.forEach(layer -> all.add(layer.blob()));
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            TarWriter tar = new TarWriter(out, config.time());
            JsonObject version = new JsonObject();
            version.addProperty("imageLayoutVersion", "1.0.0");
            tar.file("oci-layout", PLAIN, bytes(version));
            tar.file("index.json", PLAIN, bytes(index(manifest)));
            tar.file("manifest.json", PLAIN, bytes(dockerManifest(configuration)));
            tar.folder("blobs", Rights.ofFolder("blobs"));
            tar.folder("blobs/sha256", Rights.ofFolder("blobs/sha256"));
            for (Blob blob : all) {
                tar.file(blob.path(), PLAIN, blobs.root().resolve(blob.path()));
            }
            tar.finish();
        }
    }

    private JsonObject manifest(Blob configuration) {
        JsonObject manifest = schema(MANIFEST);
        manifest.add("config", configuration.descriptor(CONFIG));
        JsonArray descriptors = new JsonArray();
        layers.forEach(layer -> descriptors.add(layer.blob().descriptor(LAYER)));
        manifest.add("layers", descriptors);
        return manifest;
    }

    private JsonObject index(Blob manifest) {
        JsonObject descriptor = manifest.descriptor(MANIFEST);
        JsonObject platform = new JsonObject();
        platform.addProperty("architecture", "amd64");
        platform.addProperty("os", "linux");
        descriptor.add("platform", platform);
        JsonObject annotations = new JsonObject();
        // The first is the tag by the specification, the second the whole name, which containerd looks for.
        annotations.addProperty("org.opencontainers.image.ref.name", config.version());
        annotations.addProperty("io.containerd.image.name", "docker.io/library/voltlane:" + config.version());
        descriptor.add("annotations", annotations);
        JsonObject index = schema("application/vnd.oci.image.index.v1+json");
        JsonArray manifests = new JsonArray();
        manifests.add(descriptor);
        index.add("manifests", manifests);
        return index;
    }

    private JsonArray dockerManifest(Blob configuration) {
        JsonObject image = new JsonObject();
        image.addProperty("Config", configuration.path());
        JsonArray tags = new JsonArray();
        tags.add("voltlane:" + config.version());
        image.add("RepoTags", tags);
        JsonArray paths = new JsonArray();
        layers.forEach(layer -> paths.add(layer.blob().path()));
        image.add("Layers", paths);
        JsonArray images = new JsonArray();
        images.add(image);
        return images;
    }

    private static JsonObject schema(String mediaType) {
        JsonObject json = new JsonObject();
        json.addProperty("schemaVersion", 2);
        json.addProperty("mediaType", mediaType);
        return json;
    }

    private static byte[] bytes(JsonElement json) {
        return json.toString().getBytes(UTF_8);
    }
}
