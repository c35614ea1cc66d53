package net.voltlane.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;

/**
 * An archive of the classes that a packaged {@code voltlane serve} loads, for the hundreds of JVMs that tests start: each takes
 * half a second less of the processor. The first test that starts one makes it, beside the jar, once for each
 * build and JVM; the other JVMs of tests wait meanwhile.
 *
 * <p>Any thread may call it.
 */
public final class ClassArchive {
    /** It takes three seconds of the processor, of which a busy machine may give little. */
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private static final String NAME = "tests-";
    private static final String SUFFIX = ".jsa";

    private static final Map<Path, List<String>> KNOWN = new ConcurrentHashMap<>();

    private ClassArchive() {}

    /** Returns the flags that use the archive of a jar whose manifest names what lies in {@code lib}; none without one. */
    public static List<String> flags(Path jar) {
        return KNOWN.computeIfAbsent(jar, ClassArchive::find);
    }

    private static List<String> find(Path jar) {
        try {
            Path archive = jar.resolveSibling(NAME + key(jar) + SUFFIX);
            Path lock = jar.resolveSibling(NAME + "archive.lock");
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = channel.lock()) {
                if (held.isValid() && !Files.exists(archive)) {
                    make(jar, archive);
                }
            }
            String silent = Runtime.version().feature() >= 25 ? "-Xlog:aot=off,cds=off" : "-Xlog:cds=off";
            return Files.exists(archive) ? List.of("-XX:SharedArchiveFile=" + archive, silent) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The JVM compares an archive with the jar that it is started with, but not with those that the manifest names. */
    private static String key(Path jar) throws IOException {
        CRC32 sum = new CRC32();
        String jvm = System.getProperty("java.vm.vendor") + " " + System.getProperty("java.vm.version") + "\n";
        sum.update(jvm.getBytes(UTF_8));
        List<Path> files = list(jar.resolveSibling("lib"), "*.jar");
        files.add(jar);
        for (Path file : files.stream().sorted().toList()) {
            String what = file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file) + "\n";
            sum.update(what.getBytes(UTF_8));
        }
        return Runtime.version().feature() + "-" + Long.toHexString(sum.getValue());
    }

    private static void make(Path jar, Path archive) throws IOException {
        for (Path old :
                list(archive.resolveSibling("."), NAME + Runtime.version().feature() + "-*" + SUFFIX)) {
            Files.delete(old);
        }
        Path folder = Files.createTempDirectory(archive.resolveSibling("."), NAME);
        Path made = folder.resolve("made");
        try {
            train(jar, folder, made);
            Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE);
        } catch (AssertionError | NoSuchFileException e) {
            System.out.println("Starts of servers take longer, as there is no archive of their classes: " + e);
        }
        for (Path rest : list(folder, "*")) {
            Files.delete(rest);
        }
        Files.delete(folder);
    }

    private static List<Path> list(Path folder, String pattern) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, pattern)) {
            stream.forEach(files::add);
        }
        return files;
    }

    /** A server with one client that says something, and is answered. */
    private static void train(Path jar, Path folder, Path made) {
        int port = Ports.free();
        try (ScriptedMaster master = ScriptedMaster.listen(Ports.free(), 0);
                ServerProcess server = ServerProcess.in(folder)
                        .training(jar, made)
                        .env("VOLTLANE_LISTENER_ADDRESS", "127.0.0.1:" + port)
                        .env(
                                "VOLTLANE_MASTER_ADDRESS",
                                "127.0.0.1:" + master.address().getPort())
                        .arguments("serve")
                        .start()) {
            server.awaitPort(Ports.loopback(port), LIMIT);
            master.timeout(LIMIT);
            try (ScriptedClient client =
                    ScriptedClient.connect(Ports.loopback(port)).timeout(LIMIT)) {
                client.openSession();
                byte[] hello = Bytes.utf8("hello");
                client.send(hello);
                master.dataOf(client.id());
                master.send(client.id(), hello);
                client.receive();
            }
            server.signal("TERM");
            server.awaitExit(LIMIT);
        }
    }
}
