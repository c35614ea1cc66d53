package net.voltlane.server.link;

import io.netty.channel.Channel;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A kernel whose knowledge of peers comes from the test. About other peers it can't tell, like some transports. */
public final class FakePeers implements PeerProbe {
    private record Known(boolean owing, boolean unanswered, long answeredNanos) {}

    private final LongSupplier nanoClock;
    private final Map<Channel, Known> peers = new HashMap<>();
    private @Nullable Known asked;
    private int asks;

    public FakePeers(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** The peer has just acknowledged everything. */
    public void acknowledges(Channel channel) {
        peers.put(channel, new Known(false, false, nanoClock.getAsLong()));
    }

    /** The peer has just acknowledged something, and more is on its way to it already. */
    public void keepsUp(Channel channel) {
        peers.put(channel, new Known(true, true, nanoClock.getAsLong()));
    }

    /** The peer has just answered that it has no room, and nothing is on its way to it. */
    public void doesNotRead(Channel channel) {
        peers.put(channel, new Known(true, false, nanoClock.getAsLong()));
    }

    /** Something is on its way to the peer, and it no longer answers. */
    public void isSilent(Channel channel) {
        Known before = peers.get(channel);
        peers.put(channel, new Known(true, true, before == null ? nanoClock.getAsLong() : before.answeredNanos));
    }

    /** The number of questions about any peer since the last call. */
    public int asks() {
        int since = asks;
        asks = 0;
        return since;
    }

    @Override
    public boolean ask(Channel channel) {
        asks++;
        asked = peers.get(channel);
        return asked != null;
    }

    @Override
    public boolean isOwing() {
        return Objects.requireNonNull(asked).owing;
    }

    @Override
    public boolean isUnanswered() {
        return Objects.requireNonNull(asked).unanswered;
    }

    @Override
    public long answeredNanosAgo() {
        return nanoClock.getAsLong() - Objects.requireNonNull(asked).answeredNanos;
    }
}
