package net.voltlane.cli;

import java.io.PrintWriter;
import java.util.List;

/**
 * The main class. A plain {@code serve} bypasses picocli, whose loading alone takes a tenth of a start; so this class is
 * separate from {@link Commands}.
 */
public final class Voltlane {

    private Voltlane() {}

    /** Runs one command and ends the process with its status. Standard output is raw where errors in writing count. */
    public static void main(String[] args) {
        LastWords.install();
        ServeCommand serve = new ServeCommand(RealServer::start);
        boolean plain = args.length > 0
                && args[0].equals("serve")
                && serve.setPlain(List.of(args).subList(1, args.length));
        // Whatever threads are left, the command is done.
        System.exit(plain ? serve(serve) : Commands.execute(args));
    }

    private static int serve(ServeCommand command) {
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
