package net.voltlane.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The main class. Plain forms of {@code serve} and {@code healthcheck} bypass picocli, whose loading alone takes a tenth of a
 * start; so this class is separate from {@link Commands}.
 */
public final class Voltlane {

    private Voltlane() {}

    /** Runs one command and ends the process with its status. Standard output is raw where errors in writing count. */
    public static void main(String[] args) {
        LoggingProvider.install();
        LastWords.install();
        Signals.own();
        Callable<Integer> plain =
                args.length == 0 ? null : plain(args[0], List.of(args).subList(1, args.length));
        // Whatever threads are left, the command is done.
        System.exit(plain == null ? Commands.execute(args) : call(plain));
    }

    /** The command with its options set, or null if picocli has to have a look. */
    static @Nullable Callable<Integer> plain(String name, List<String> options) {
        if (name.equals("serve")) {
            ServeCommand serve = new ServeCommand(RealServer::start);
            return serve.setPlain(options) ? serve : null;
        } else if (name.equals("healthcheck")) {
            HealthcheckCommand healthcheck = new HealthcheckCommand();
            return healthcheck.setPlain(options) ? healthcheck : null;
        }
        return null;
    }

    private static int call(Callable<Integer> command) {
        try {
            return command.call();
        } catch (Exception e) {
            return internalError(e, new PrintWriter(System.err, true));
        }
    }

    /** Reports an internal error by its place in the code, which says more than a page of stack frames. */
    static int internalError(Exception e, PrintWriter err) {
        StackTraceElement[] frames = e.getStackTrace();
        err.println(
                "voltlane: internal error, please report it: " + e + (frames.length == 0 ? "" : " at " + frames[0]));
        return Exit.FAILED;
    }
}
