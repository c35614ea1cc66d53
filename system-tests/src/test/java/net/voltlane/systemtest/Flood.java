package net.voltlane.systemtest;

import java.nio.ByteBuffer;
import java.time.Duration;
import net.voltlane.protocol.Frame;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ScriptedClient;

/** A client that sends numbered packets until the server takes no more. */
final class Flood {
    /** A peer that has taken nothing for so long is taken to hold the sender back. */
    static final Duration QUIET = Duration.ofMillis(500);

    private final ScriptedClient client;
    private final int packetBytes;
    private int begun;
    private ByteBuffer pending = ByteBuffer.allocate(0);

    Flood(ScriptedClient client, int packetBytes) {
        this.client = client;
        this.packetBytes = packetBytes;
    }

    ScriptedClient client() {
        return client;
    }

    /** Returns the number of packets that were sent, of which the last may be incomplete. */
    int packets() {
        return begun;
    }

    /**
     * Sends until held back.
     *
     * @throws AssertionError when {@code maxBytes} were taken and still nobody holds it back
     */
    void untilHeldBack(long maxBytes) {
        long taken = 0;
        for (int n = 1; n > 0; taken += n) {
            if (!pending.hasRemaining()) {
                pending = ByteBuffer.wrap(Frame.of(Bytes.numbered(begun++, packetBytes)));
            }
            n = client.offer(pending, QUIET);
            if (taken > maxBytes) {
                throw new AssertionError("the server took more than " + maxBytes + " bytes and holds nobody back");
            }
        }
    }

    /** Sends the rest of the last packet. */
    void finish() {
        byte[] rest = new byte[pending.remaining()];
        pending.get(rest);
        client.write(rest);
    }
}
