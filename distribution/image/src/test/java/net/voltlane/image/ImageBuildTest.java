package net.voltlane.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole archive, read by the rules of the format. What is in a real image, and that it runs, {@code try.sh} finds out. */
class ImageBuildTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void fill() throws IOException {
        Files.createDirectories(directory.resolve("layers/1-system/tmp"));
        Files.createDirectories(directory.resolve("layers/1-system/data"));
        Files.createDirectories(directory.resolve("layers/2-program/bin"));
        Path command = directory.resolve("layers/2-program/bin/voltlane");
        Files.writeString(command, "command");
        assertThat(command.toFile().setExecutable(true)).isTrue();
        Files.createSymbolicLink(directory.resolve("layers/2-program/bin/v"), Path.of("voltlane"));
    }

    @Test
    void everyReferenceLeadsToContentOfThatHashAndSize() throws Exception {
        Map<String, byte[]> files = build("image.tar", "");

        JsonObject index = json(files.get("index.json"));
        JsonObject manifest =
                follow(files, index.getAsJsonArray("manifests").get(0).getAsJsonObject());
        JsonObject config = follow(files, manifest.getAsJsonObject("config"));
        assertThat(manifest.getAsJsonArray("layers")).hasSize(2);
        for (int i = 0; i < 2; i++) {
            byte[] layer =
                    content(files, manifest.getAsJsonArray("layers").get(i).getAsJsonObject());
            byte[] plain = new GZIPInputStream(new ByteArrayInputStream(layer)).readAllBytes();
            assertThat(config.getAsJsonObject("rootfs")
                            .getAsJsonArray("diff_ids")
                            .get(i)
                            .getAsString())
                    .isEqualTo(sha256(plain));
        }
        assertThat(json(files.get("oci-layout")).get("imageLayoutVersion").getAsString())
                .isEqualTo("1.0.0");
        JsonObject docker = JsonParser.parseString(new String(files.get("manifest.json"), UTF_8))
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject();
        assertThat(files).containsKey(docker.get("Config").getAsString());
        assertThat(docker.getAsJsonArray("RepoTags").get(0).getAsString()).isEqualTo("voltlane:1.2.3");
        docker.getAsJsonArray("Layers").forEach(layer -> assertThat(files).containsKey(layer.getAsString()));
    }

    @Test
    void aContainerIsNotRootAndStopsInOrder() throws Exception {
        JsonObject config = config(build("image.tar", "0123abc"));

        assertThat(config.get("User").getAsString()).isEqualTo("65532:65532");
        assertThat(config.get("StopSignal").getAsString()).isEqualTo("SIGTERM");
        assertThat(config.getAsJsonArray("Entrypoint").toString()).isEqualTo("[\"/opt/voltlane/bin/voltlane\"]");
        assertThat(config.getAsJsonArray("Cmd").toString()).isEqualTo("[\"serve\"]");
        assertThat(config.getAsJsonObject("Volumes").keySet()).containsExactly("/data");
        assertThat(config.getAsJsonObject("Labels")
                        .get("org.opencontainers.image.revision")
                        .getAsString())
                .isEqualTo("0123abc");
        assertThat(config(build("other.tar", "")).getAsJsonObject("Labels").keySet())
                .doesNotContain("org.opencontainers.image.revision")
                .contains("org.opencontainers.image.version");
    }

    @Test
    void onlyTmpAndDataCanBeWritten() throws Exception {
        Map<String, byte[]> files = build("image.tar", "");
        JsonObject manifest = follow(
                files,
                json(files.get("index.json")).getAsJsonArray("manifests").get(0).getAsJsonObject());

        assertThat(headers(files, manifest, 0)).containsExactly("data/ 0000700 65532", "tmp/ 0001777 0");
        assertThat(headers(files, manifest, 1))
                .containsExactly("bin/ 0000755 0", "bin/v 0000777 0", "bin/voltlane 0000755 0");
    }

    @Test
    void theSameFilesMakeTheSameImage() throws Exception {
        build("one.tar", "");
        Files.setLastModifiedTime(directory.resolve("layers/2-program/bin/voltlane"), FileTime.fromMillis(0));
        build("two.tar", "");
        assertThat(directory.resolve("one.tar")).hasSameBinaryContentAs(directory.resolve("two.tar"));
    }

    private Map<String, byte[]> build(String name, String revision) throws IOException {
        Path file = directory.resolve(name);
        ImageBuild.main(new String[] {
            directory.resolve("layers").toString(), "1.2.3", "2026-01-02T03:04:05Z", revision, file.toString()
        });
        return untar(Files.readAllBytes(file));
    }

    private static JsonObject config(Map<String, byte[]> files) throws Exception {
        JsonObject manifest = follow(
                files,
                json(files.get("index.json")).getAsJsonArray("manifests").get(0).getAsJsonObject());
        return follow(files, manifest.getAsJsonObject("config")).getAsJsonObject("config");
    }

    private static JsonObject follow(Map<String, byte[]> files, JsonObject descriptor) throws Exception {
        return json(content(files, descriptor));
    }

    private static byte[] content(Map<String, byte[]> files, JsonObject descriptor) throws Exception {
        String digest = descriptor.get("digest").getAsString();
        byte[] content = files.get("blobs/" + digest.replace(':', '/'));
        assertThat(content)
                .as(digest)
                .isNotNull()
                .hasSize(descriptor.get("size").getAsInt());
        assertThat(sha256(content)).isEqualTo(digest);
        return content;
    }

    private static String sha256(byte[] content) throws Exception {
        return "sha256:"
                + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    private static JsonObject json(byte[] content) {
        return JsonParser.parseString(new String(content, UTF_8)).getAsJsonObject();
    }

    private static Map<String, byte[]> untar(byte[] tar) {
        Map<String, byte[]> files = new TreeMap<>();
        for (int at = 0; tar[at] != 0; ) {
            int size = Integer.parseInt(text(tar, at + 124, 11), 8);
            files.put(text(tar, at, 100), Arrays.copyOfRange(tar, at + 512, at + 512 + size));
            at += 512 + (size + 511) / 512 * 512;
        }
        return files;
    }

    /** Name, permissions and owner of each entry of a layer. */
    private static String[] headers(Map<String, byte[]> files, JsonObject manifest, int layer) throws Exception {
        byte[] packed =
                content(files, manifest.getAsJsonArray("layers").get(layer).getAsJsonObject());
        byte[] tar = new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes();
        List<String> headers = new ArrayList<>();
        for (int at = 0; tar[at] != 0; ) {
            headers.add(text(tar, at, 100) + " " + text(tar, at + 100, 7) + " "
                    + Integer.parseInt(text(tar, at + 108, 7), 8));
            at += 512 + (Integer.parseInt(text(tar, at + 124, 11), 8) + 511) / 512 * 512;
        }
        return headers.toArray(new String[0]);
    }

    private static String text(byte[] tar, int offset, int length) {
        return new String(tar, offset, length, UTF_8).replaceAll("\0.*", "");
    }
}
