package net.voltlane.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Ends the process when one of its threads dies of an uncaught exception. A process that goes on without one of its
 * threads looks healthy from outside, but does not do its work. It ends at once, because an orderly stop might never
 * complete.
 */
final class LastWords implements Thread.UncaughtExceptionHandler {

    private LastWords() {}

    /** Installs this for every thread of the process. */
    static void install() {
        Thread.setDefaultUncaughtExceptionHandler(new LastWords());
    }

    @Override
    public void uncaughtException(Thread thread, Throwable cause) {
        try {
            tell(line(thread, cause));
        } catch (Throwable again) { // there may be no memory left for the line
            tell("voltlane: internal error: a thread died; the process ends");
        } finally {
            Runtime.getRuntime().halt(Exit.FAILED);
        }
    }

    static String line(Thread thread, Throwable cause) {
        StackTraceElement[] frames = cause.getStackTrace();
        return "voltlane: internal error, please report it: thread " + thread.getName() + " died of " + cause
                + (frames.length == 0 ? "" : " at " + frames[0]) + "; the process ends";
    }

    /** Writes to standard error past the log, because the thread that died may be the log's own. */
    private static void tell(String line) {
        try (FileOutputStream err = new FileOutputStream(FileDescriptor.err)) {
            err.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // standard error is closed
        }
    }
}
