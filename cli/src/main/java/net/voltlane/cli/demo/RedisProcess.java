package net.voltlane.cli.demo;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Redis server of the demo's own, in memory only, on loopback. */
final class RedisProcess implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final List<String> PROGRAMS = List.of("redis-server", "valkey-server");

    private final Process process;
    private final int port;

    private RedisProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** The program; null if there is none in the search path. */
    static @Nullable Path program() {
        String search = System.getenv("PATH");
        if (search == null) {
            return null;
        }
        for (String program : PROGRAMS) {
            for (String folder : search.split(File.pathSeparator)) {
                Path candidate = Path.of(folder, program);
                if (Files.isExecutable(candidate)) {
                    return candidate;
                }
            }
        }
        return null;
    }

    /** @param folder an empty one for its files */
    static RedisProcess start(Path program, Path folder) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            port = free.getLocalPort();
        }
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--bind",
                        HOST,
                        "--port",
                        Integer.toString(port),
                        "--save",
                        "",
                        "--appendonly",
                        "no")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("redis.log").toFile())
                .start();
        return new RedisProcess(process, port);
    }

    /** Its address, as {@code store.url} takes it. */
    String url() {
        return "redis://" + HOST + ":" + port;
    }

    @Override
    public void close() {
        process.destroyForcibly(); // it keeps nothing
    }
}
