package net.voltlane.server.simulation;

import io.netty.channel.Channel;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import net.voltlane.server.link.PeerProbe;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's knowledge of the peers in a world. A peer that has vanished answers nothing that was sent since. The
 * last answer of any other peer has just come, and more data may be under way.
 */
final class SimPeers implements PeerProbe {
    /** A link's other end. */
    interface Peer {
        /** Something was taken by its socket, or waits for it. */
        boolean isOwing();

        boolean isVanished();

        /** Something was sent since it vanished. */
        boolean isUnanswered();

        long vanishedAtNanos();
    }

    private final Dice dice;
    private final LongSupplier nanoClock;
    private final Map<Channel, Peer> peers = new HashMap<>();
    private @Nullable Peer asked;

    SimPeers(Dice dice, LongSupplier nanoClock) {
        this.dice = dice;
        this.nanoClock = nanoClock;
    }

    void add(Channel channel, Peer peer) {
        peers.put(channel, peer);
        channel.closeFuture().addListener(f -> peers.remove(channel));
    }

    @Override
    public boolean ask(Channel channel) {
        asked = peers.get(channel);
        return asked != null;
    }

    private Peer asked() {
        return Objects.requireNonNull(asked);
    }

    @Override
    public boolean isOwing() {
        return asked().isOwing();
    }

    @Override
    public boolean isUnanswered() {
        return asked().isVanished() ? asked().isUnanswered() : dice.oneIn(2);
    }

    @Override
    public long answeredNanosAgo() {
        return asked().isVanished() ? nanoClock.getAsLong() - asked().vanishedAtNanos() : 0;
    }
}
