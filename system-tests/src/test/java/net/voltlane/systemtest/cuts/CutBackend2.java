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
    private final Function<byte[], @Nullable CutPlayer> players;
    private final Map<Long, CutPlayer> bySession = new HashMap<>();
    private final Map<Long, Long> arrived = new HashMap<>();
    private int links;

    /** @param players finds a player by the first packet of a session */
    CutBackend2(PeerLoop loop, Function<byte[], @Nullable CutPlayer> players) {
        this.players = players;
        address = loop.listen(this::accepted);
    }

    private void accepted(PeerSocket next) {
        links++;
        next.onFrame(payload -> packet(next, payload));
    }

    private void packet(PeerSocket on, byte[] payload) {
        FirehosePacket packet;
        try {
            packet = FirehosePacket.decode(payload);
        } catch (MalformedPacketException e) {
            throw new AssertionError(e);
        }
        if (packet.flag() != Flag.DATA) {
            return;
        }
        long id = packet.id();
        CutPlayer player = bySession.get(id);
        if (player == null) {
            player = players.apply(packet.data());
            if (player == null) {
                throw new AssertionError("a session of nobody: " + id);
            }
            bySession.put(id, player);
        }
        long number = arrived.merge(id, 1L, Long::sum);
        player.arrives(number, packet.data());
        player.sentDown(packet.data());
        on.write(Tag.frame(id, Flag.DATA, packet.data()));
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public long arrived(CutPlayer player) {
        return arrived.getOrDefault(player.id(), 0L);
    }

    @Override
    public void tick() {}

    @Override
    public boolean isSettled() {
        return true;
    }

    @Override
    public int links() {
        return links;
    }
}
