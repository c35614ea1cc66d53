package net.voltlane.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import net.voltlane.cli.demo.Demo;
import net.voltlane.cli.demo.KillDemo;
import net.voltlane.cli.demo.Screen;
import net.voltlane.cli.demo.Transports;
import net.voltlane.cli.usage.Options;
import net.voltlane.protocol.SystemWords;
import net.voltlane.server.StartException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code voltlane demo}: backend, server and clients in one process, to see them work. */
@Command(
        name = "demo",
        description =
                "Show it at work: clients, the server and a backend whose connections are cut, and that check every message.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {"", "Exit status: 0 only if nothing was lost, came twice or was mixed up."})
final class DemoCommand implements Callable<Integer> {

    private static final int MAX_CLIENTS = 10_000;
    private static final int MAX_SECONDS = 3600;

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "300",
            description = "Number of clients. Default: ${DEFAULT-VALUE}.")
    private int clients;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "10",
            description = "How long they talk. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            defaultValue = "tcp",
            description = "How clients reach the server: tcp, ws (WebSockets), or mixed for both."
                    + " Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String transport;

    @Option(
            names = "--crash",
            description =
                    "Kill the server with -9 every two seconds, and start it again: sessions outlive it in a file.")
    private boolean crash;

    @Option(
            names = "--fleet",
            description = "Run three servers on a Redis store, and kill one after the other. Needs the program"
                    + " redis-server.")
    private boolean fleet;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    @SuppressWarnings("try") // logging is on for as long as the block runs; nobody has to name it
    public Integer call() throws InterruptedException {
        expect("--clients", clients, MAX_CLIENTS);
        expect("--seconds", seconds, MAX_SECONDS);
        Transports transports = Transports.of(transport);
        if (transports == null) {
            throw Options.invalid(spec, "--transport", transport + " (expected: tcp, ws or mixed)");
        }
        if (crash && fleet || (crash || fleet) && transports != Transports.TCP) {
            throw Options.invalid(
                    spec,
                    crash ? "--crash" : "--fleet",
                    "goes alone (expected: without --transport, and one of the two)");
        }
        Path redis = fleet ? KillDemo.redisProgram() : null;
        if (fleet && redis == null) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "--fleet: redis-server is not in the search path (expected: it is installed, as by apt install"
                                    + " redis-server; or --crash, which needs nothing)");
            return Exit.FAILED;
        }
        try (Logging logging = Logging.none()) {
            boolean perfect = crash || fleet
                    ? new KillDemo(clients, seconds, redis, Voltlane.class.getName())
                            .run(spec.commandLine().getOut(), Screen.isTerminal())
                    : new Demo(clients, seconds, transports)
                            .run(spec.commandLine().getOut(), Screen.isTerminal());
            return perfect ? Exit.FINE : Exit.FAILED;
        } catch (IOException e) {
            spec.commandLine().getErr().println("the demo can't go on: " + SystemWords.of(e));
            return Exit.FAILED;
        } catch (StartException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return Exit.FAILED;
        }
    }

    private void expect(String option, int value, int max) {
        if (value < 1 || value > max) {
            throw Options.invalid(spec, option, value + " (expected: a whole number from 1 to " + max + ")");
        }
    }
}
