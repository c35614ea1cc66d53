package net.voltlane.server.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Tag;
import net.voltlane.server.session.WorldFailure;
import net.voltlane.testkit.Bytes;

/**
 * The master's side of firehose 2. What its sockets take is held against what passed the {@link Junction}, byte for
 * byte: on each new link first the announcements, then all from the first packet on that no link has wholly taken.
 */
final class Master2 extends SimMaster {
    private static final int HEARD_LATELY = 20;

    /** The packets that its links were sent. */
    private final Told told;

    private FrameStream read = new FrameStream(0, payload -> {});
    private FrameStream taken = read;

    /** Reconnections that the link begins with. */
    private final Queue<byte[]> announced = new ArrayDeque<>();
    /** Of the junction's stream: where the first packet is that no link has wholly taken. */
    private int position;
    /** Packets that it can echo. */
    private final List<byte[]> heard = new ArrayList<>();

    Master2(World world) {
        super(world);
        told = new Told(world);
    }

    @Override
    void begins(int number) {
        announced.clear();
        List<Long> ids = new ArrayList<>();
        world.server.sessions.announce(told.sentBytes(), ids::add);
        told.begins(ids);
        ids.forEach(id -> announced.add(payload(id, Flag.RECONNECTION.code(), new byte[0])));
        read = new FrameStream(world.rules.uplink().maxFrameBytes(), world.book::fromMaster);
        taken = new FrameStream(Integer.MAX_VALUE - 64, this::tookPacket);
        world.trace.note(() -> "master accepts link " + number + ", told of " + ids + ", goes on at " + position);
    }

    @Override
    void wasRead(byte[] bytes) {
        read.feed(bytes);
    }

    @Override
    void took(byte[] bytes) {
        taken.feed(bytes);
    }

    private void tookPacket(byte[] payload) {
        byte[] announcement = announced.poll();
        if (announcement != null) {
            WorldFailure.unless(Arrays.equals(announcement, payload), 0, "the firehose does not begin as it should");
            told.announced(payload);
            return;
        }
        List<byte[]> stream = world.server.junction.stream();
        WorldFailure.unless(position < stream.size(), 0, "the firehose brings what was never put in");
        WorldFailure.unless(
                Arrays.equals(stream.get(position), payload), 0, "the firehose does not go on with packet " + position);
        position++;
        told.sent(payload);
        heard.add(payload);
        if (heard.size() > HEARD_LATELY) {
            heard.remove(0);
        }
    }

    // ---- what it sends ----

    @Override
    void acts(Dice dice) {
        if (!isConnected() || isVanished()) {
            return;
        }
        switch (dice.weighted(20, 6, 3, 3, 2, 3, 2, 1)) {
            case 0 -> {
                for (int n = dice.between(1, 5); n > 0; n--) {
                    data(anyId(dice), dice);
                }
            }
            case 1 -> heard.forEach(this::frame); // an echo, of events as well
            case 2 -> {
                long id = anyId(dice);
                for (int n = dice.between(5, 60); n > 0; n--) {
                    data(id, dice);
                }
            }
            case 3 ->
                world.book.lives().forEach(life -> {
                    if (life.failed() == null) {
                        data(life.id, dice);
                    }
                });
            case 4 -> {
                long id = anyId(dice);
                frame(payload(id, Flag.KICK.code(), dice.bytes(dice.below(3))));
            }
            case 5 -> frame(dice.bytes(dice.below(Tag.BYTES))); // too short
            case 6 -> frame(payload(anyId(dice), dice.between(4, 255), dice.bytes(5)));
            default -> {
                if (dice.oneIn(4)) {
                    append(Bytes.u32(dice.oneIn(2) ? -1 : world.rules.uplink().maxFrameBytes() + 1));
                    append(dice.bytes(3));
                }
            }
        }
    }

    private long anyId(Dice dice) {
        List<SessionModel> lives = world.book.lives();
        if (lives.isEmpty() || dice.oneIn(20)) {
            return dice.oneIn(3) ? 0 : dice.number() | Long.MIN_VALUE; // nobody's, ever
        }
        return lives.get(
                        dice.oneIn(2)
                                ? dice.below(lives.size())
                                : lives.size() - 1 - dice.below(Math.min(8, lives.size())))
                .id;
    }

    private void data(long id, Dice dice) {
        int length = dice.oneIn(8) ? 0 : dice.oneIn(10) ? dice.below(9_000) : dice.below(40);
        frame(payload(id, Flag.DATA.code(), dice.bytes(length)));
    }

    private static byte[] payload(long id, int flag, byte[] data) {
        byte[] frame = Tag.frame(id, Flag.DATA, data);
        frame[Tag.FLAG_OFFSET_IN_FRAME] = (byte) flag;
        return Arrays.copyOfRange(frame, Frame.PREFIX_BYTES, frame.length);
    }

    private void frame(byte[] payload) {
        append(Frame.of(payload));
    }

    // ---- what the rules need to know ----

    @Override
    boolean hasAll() {
        return announced.isEmpty() && position == world.server.junction.stream().size();
    }

    @Override
    void allHaveEnded() {
        told.allHaveEnded();
    }

    @Override
    Waiting waiting() {
        int packets = 0;
        long bytes = 0;
        List<byte[]> stream = world.server.junction.stream();
        for (int i = position; i < stream.size(); i++) {
            byte[] payload = stream.get(i);
            if (payload[Tag.BYTES - 1] == Flag.DATA.code()) {
                packets++;
                bytes += Frame.PREFIX_BYTES + payload.length;
            }
        }
        return new Waiting(packets, bytes);
    }
}
