package net.voltlane.cli.connect;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Input that comes when the test types it. */
public final class Keyboard extends InputStream {

    private static final int END = -1;

    private final BlockingQueue<Integer> typed = new LinkedBlockingQueue<>();

    /** Types a line. */
    public void type(String line) {
        type((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Types bytes. */
    public void type(byte[] bytes) {
        for (byte b : bytes) {
            typed.add(b & 0xff);
        }
    }

    /** Ends the input. */
    public void end() {
        typed.add(END);
    }

    @Override
    public int read() throws IOException {
        try {
            int next = typed.take();
            if (next == END) {
                typed.add(END);
            }
            return next;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Gives what is there and waits for no more, as a terminal does. */
    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int first = read();
        if (first == END) {
            return END;
        }
        into[offset] = (byte) first;
        return 1;
    }
}
