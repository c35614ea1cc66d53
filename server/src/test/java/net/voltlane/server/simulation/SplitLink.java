package net.voltlane.server.simulation;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.testkit.Bytes;

/**
 * A connection of a server with a client or with the backend, and the network below it. What one end has written waits in
 * the network until chance has it arrive, cut at any byte; the end of the connection arrives behind it.
 */
final class SplitLink {
    /** The other end, as seen from the server. */
    private final String peer;

    private final FakeChannel channel;
    final SplitServer server;
    private final SplitNetwork network;
    private final FrameStream frames;
    private final Runnable onEnd;

    private byte[] toServer = {};
    private byte[] toPeer = {};
    private boolean peerHasEnded;
    private boolean serverHasEnded;
    private boolean isServerDead;
    private boolean isEndKnown;

    /**
     * @param onFrame gets the payload of each frame that arrives at the peer
     * @param onEnd runs when the peer hears that the server has ended the connection
     */
    SplitLink(String peer, SplitServer server, FakeChannel channel, Consumer<byte[]> onFrame, Runnable onEnd) {
        this.peer = peer;
        this.server = server;
        this.channel = channel;
        this.onEnd = onEnd;
        network = server.network();
        frames = new FrameStream(Integer.MAX_VALUE - 64, payload -> {
            if (!peerHasEnded) {
                onFrame.accept(payload);
            }
        });
        channel.watch(this::isWritten, bytes -> {});
        channel.closeFuture().addListener(closed -> serverHasEnded = true);
        channel.watchShut(() -> serverHasEnded = true);
    }

    private void isWritten(byte[] bytes) {
        if (!isServerDead) {
            toPeer = Bytes.concat(toPeer, bytes);
        }
    }

    /** The peer writes. */
    void write(byte[] bytes) {
        if (!peerHasEnded) {
            toServer = Bytes.concat(toServer, bytes);
        }
    }

    /** The peer takes the connection for over, and closes it. */
    void ends() {
        peerHasEnded = true;
    }

    boolean hasEnded() {
        return peerHasEnded;
    }

    /** Neither end has anything to hear of the other any more. */
    boolean isOver() {
        return peerHasEnded && (isServerDead || !channel.isOpen());
    }

    /** The server's process is gone: of what it has written, only the first bytes may be under way. */
    void serverDies(int underWay) {
        isServerDead = true;
        serverHasEnded = true;
        toPeer = Arrays.copyOf(toPeer, Math.min(toPeer.length, underWay));
        toServer = new byte[0];
    }

    int underWay() {
        return toPeer.length;
    }

    /** Some of what the peer has written arrives, if the way is open. */
    void moveToServer(int most) {
        if (isServerDead || network.isCut(peer, server.slot)) {
            return;
        }
        int n = Math.min(most, toServer.length);
        if (n > 0) {
            byte[] arrived = Arrays.copyOf(toServer, n);
            toServer = Arrays.copyOfRange(toServer, n, toServer.length);
            if (channel.isOpen()) {
                channel.receives(arrived);
            }
        }
        if (toServer.length == 0 && peerHasEnded && channel.isOpen()) {
            server.loop.execute(() -> channel.broken(new IOException("reset by peer")));
        }
    }

    /** Some of what the server has written arrives, if the way is open. */
    void moveToPeer(int most) {
        if (network.isCut(server.slot, peer)) {
            return;
        }
        int n = Math.min(most, toPeer.length);
        if (n > 0) {
            byte[] arrived = Arrays.copyOf(toPeer, n);
            toPeer = Arrays.copyOfRange(toPeer, n, toPeer.length);
            frames.feed(arrived);
        }
        if (toPeer.length == 0 && serverHasEnded && !isEndKnown) {
            isEndKnown = true;
            if (!peerHasEnded) {
                onEnd.run();
            }
            peerHasEnded = true;
        }
    }
}
