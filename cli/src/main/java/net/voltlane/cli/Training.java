package net.voltlane.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.lang.invoke.MethodHandles;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import net.voltlane.cli.demo.Demo;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.ConfigLoader;
import net.voltlane.server.config.ConfigRequest;

/**
 * The training run behind the launcher's cache for faster starts, once after each build: the whole command
 * {@code serve}, with clients that connect, echo, lose their connections and resume. It writes a configuration and a key
 * into the working directory. Picocli is left out, because most starts do not load it, and every start would check it in
 * the cache.
 */
final class Training {

    /**
     * The number of clients, enough for the optimizing compiler to see all of the hot path. With fewer, later servers
     * take seconds longer to become fast. Each client has two descriptors, which fit into the usual limit of 1024.
     */
    private static final int CLIENTS = 400;

    private static final int SECONDS = 8;

    /** Keeps the packets that clients miss, which the demo relies on, and takes no fixed port. */
    private static final Map<String, String> ENVIRONMENT =
            Map.of("VOLTLANE_CLIENTS_MISSED_PACKETS_BUFFER_SIZE", "10000", "VOLTLANE_ADMIN_ADDRESS", "127.0.0.1:0");

    private Training() {}

    /** Ends with status 0 if everything was as it should be. */
    public static void main(String[] args) throws Exception {
        boolean perfect = new Demo(CLIENTS, SECONDS).run(new PrintWriter(Writer.nullWriter()), false, Training::start);
        // Now there is a file to read, which there was not the first time.
        ConfigLoader.load(
                new ConfigRequest(Path.of(""), Path.of(ConfigLoader.DEFAULT_FILE), ENVIRONMENT, null, null, false));
        MethodHandles.lookup().ensureInitialized(Voltlane.class);
        System.exit(perfect ? Exit.FINE : Exit.FAILED);
    }

    private static VoltlaneServer start(InetSocketAddress backend) {
        CompletableFuture<VoltlaneServer> started = new CompletableFuture<>();
        ServeCommand serve = serve(started);
        serve.setPlain(List.of("--listen", "127.0.0.1:0", "--master", "127.0.0.1:" + backend.getPort()));
        Thread thread = new Thread(
                () -> {
                    try {
                        serve.call();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } finally {
                        started.completeExceptionally(new IllegalStateException("no server was started"));
                    }
                },
                "voltlane-training");
        thread.setDaemon(true);
        thread.start();
        return started.join();
    }

    private static ServeCommand serve(CompletableFuture<VoltlaneServer> started) {
        return new ServeCommand(
                config -> {
                    RealServer server = RealServer.start(config);
                    started.complete(server.server());
                    return server;
                },
                Path.of(""),
                ENVIRONMENT);
    }
}
