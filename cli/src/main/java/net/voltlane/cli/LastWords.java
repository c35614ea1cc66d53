package net.voltlane.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Ends the process when any of its threads dies of something that nobody has caught: a process that goes on without one
 * of its threads looks healthy from outside, and does not do its work. It ends at once, as nothing says that an orderly
 * stop would still come to an end.
 */
final class LastWords implements Thread.UncaughtExceptionHandler {

    private LastWords() {}

    /** From now on it holds for every thread of the process. */
    static void install() {
        Thread.setDefaultUncaughtExceptionHandler(new LastWords());
    }

    @Override
    public void uncaughtException(Thread thread, Throwable cause) {
        try {
            tell(line(thread, cause));
        } catch (Throwable again) { // memory for the line, too, may not be there
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

    /** Past logging, whose own thread it may be. */
    private static void tell(String line) {
        try (FileOutputStream err = new FileOutputStream(FileDescriptor.err)) {
            err.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // nobody listens any more
        }
    }
}
