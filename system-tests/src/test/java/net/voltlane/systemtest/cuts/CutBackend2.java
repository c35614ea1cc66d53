package net.voltlane.systemtest.cuts;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Tag;
import net.voltlane.testkit.version3.PeerLoop;
import net.voltlane.testkit.version3.PeerSocket;
import org.jspecify.annotations.Nullable;

/** A backend of firehose 2. It knows a session's player by the player's first packet. */
final class CutBackend2 implements CutBackend {
    private final InetSocketAddress address;
    private final CutSessions sessions;
    private final Map<Long, Long> arrived = new HashMap<>();
    private @Nullable PeerSocket socket;

    /** @param players finds a player by the first packet of a session */
    CutBackend2(PeerLoop loop, Function<byte[], @Nullable CutPlayer> players) {
        sessions = new CutSessions(players);
        address = loop.listen(this::accepted);
    }

    private void accepted(PeerSocket next) {
        socket = next;
        next.onFrame(payload -> packet(next, payload));
    }

    private void packet(PeerSocket on, byte[] payload) {
        FirehosePacket packet;
        try {
            packet = FirehosePacket.decode(payload);
        } catch (MalformedPacketException e) {
            throw new AssertionError(e);
        }
        long id = packet.id();
        if (packet.flag() == Flag.FAILURE && sessions.isKnown(id)) {
            sessions.ended(id, 0, "ended");
        }
        if (packet.flag() != Flag.DATA) {
            return;
        }
        if (!sessions.isKnown(id)) {
            sessions.opened(id, packet.data());
        }
        CutPlayer player = sessions.player(id);
        player.arrives(arrived.merge(id, 1L, Long::sum), packet.data());
        player.sentDown(packet.data());
        on.write(Tag.frame(id, Flag.DATA, packet.data()));
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void tick() {}

    @Override
    public boolean isSettled() {
        return true;
    }

    @Override
    public boolean knows(CutPlayer player) {
        return sessions.isKnown(player.id());
    }

    @Override
    public void kick(CutPlayer player, String text) {
        PeerSocket to = socket;
        if (to != null) {
            to.write(Tag.frame(player.id(), Flag.KICK, new byte[0]));
        }
    }

    @Override
    public void ping() {
        throw new UnsupportedOperationException("firehose 2 has no signs of life");
    }

    @Override
    public void holdsBack(boolean on) {
        throw new UnsupportedOperationException("firehose 2 has no acknowledgements");
    }
}
