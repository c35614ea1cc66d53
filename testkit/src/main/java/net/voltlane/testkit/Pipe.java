package net.voltlane.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A direction of a relayed link: a thread that reads from one socket and writes to the other, as the faults of that
 * direction say. When its input ends it passes the FIN on; when either socket breaks it resets the link.
 */
final class Pipe implements Runnable {
    private final SocketChannel from;
    private final SocketChannel to;
    private final Faults faults;
    private final RelayedLink link;

    Pipe(SocketChannel from, SocketChannel to, Faults faults, RelayedLink link) {
        this.from = from;
        this.to = to;
        this.faults = faults;
        this.link = link;
    }

    @Override
    public void run() {
        try {
            ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
            while (true) {
                faults.awaitFlow();
                int n = from.read(buffer.clear());
                if (n < 0) {
                    break;
                }
                faults.awaitDelay();
                faults.awaitFlow();
                int admitted = faults.admit(n);
                write(buffer.flip().limit(admitted));
                if (faults.cutIsDue()) {
                    link.cut();
                    return;
                }
            }
            faults.awaitFlow();
            if (!faults.swallows()) {
                to.shutdownOutput();
                link.pipeDone();
            }
        } catch (IOException e) {
            link.cut();
        } catch (InterruptedException e) {
            link.finish();
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        if (faults.swallows()) {
            return;
        }
        int end = bytes.limit();
        while (bytes.position() < end) {
            bytes.limit(bytes.position() + Math.min(faults.nextPiece(), end - bytes.position()));
            while (bytes.hasRemaining()) {
                to.write(bytes);
            }
        }
    }
}
