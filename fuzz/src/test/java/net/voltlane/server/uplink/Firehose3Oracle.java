package net.voltlane.server.uplink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.voltlane.fuzz.Frames;

/**
 * The expected outcome of what a master says on a firehose 3, packet by packet, by PROTOCOL3.md, for the sessions of the
 * target. It decodes on its own and shares no code with the server.
 */
final class Firehose3Oracle {
    /** The way in which a link ends. */
    enum Outcome {
        GOES_ON,
        /** The first packet was no Welcome. */
        UNANSWERED,
        /** A count can't be true. */
        WRONG_COUNT,
        TOO_LARGE
    }

    private static final int TAG_BYTES = 9;
    private static final int WELCOME_BYTES = 2 + 16 + 8 + 2 + 2;
    private static final long STALE_ID = 3;

    /** By id, of the live sessions. */
    private final Map<Long, List<byte[]>> delivered = Map.of(1L, new ArrayList<>(), 2L, new ArrayList<>());

    private final Set<Long> ended = new HashSet<>();
    private final long sent;
    private final int missedPackets;
    private long acknowledged;
    private Outcome outcome = Outcome.GOES_ON;
    private boolean welcomed;
    /** True if the outcome depends on how much of the end of the stale session was sent by then. */
    private boolean ambiguous;

    private int missed;
    private long numbered;
    private int tooShort;
    private int unknownFlag;
    private int ignored;

    /**
     * @param welcomed whether an honest Welcome came before
     * @param sent the number of numbered packets that the server has sent
     * @param missedPackets the number of packets that are kept for the stale session
     */
    Firehose3Oracle(Frames frames, boolean welcomed, long sent, int missedPackets) {
        this.welcomed = welcomed;
        this.sent = sent;
        this.missedPackets = missedPackets;
        for (byte[] payload : frames.payloads()) {
            if (outcome == Outcome.GOES_ON) {
                packet(payload);
            }
        }
        if (outcome == Outcome.GOES_ON && frames.isOverLimit()) {
            outcome = Outcome.TOO_LARGE;
        }
    }

    private void packet(byte[] payload) {
        if (!welcomed) {
            first(payload);
        } else if (payload.length < TAG_BYTES) {
            tooShort++;
        } else {
            ByteBuffer packet = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
            long id = packet.getLong();
            int flag = packet.get() & 0xFF;
            if (id == 0) {
                ofLink(flag, packet);
            } else {
                numbered++;
                ofSession(id, flag, packet);
            }
        }
    }

    private void first(byte[] payload) {
        ByteBuffer packet = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
        boolean isWelcome = payload.length >= TAG_BYTES + WELCOME_BYTES
                && packet.getLong(0) == 0
                && payload[8] == 0x11
                && packet.getShort(9) == 3
                && (packet.getLong(11) | packet.getLong(19)) != 0
                && packet.getLong(27) >>> 53 == 0
                && isMap(packet.slice(37, payload.length - 37).order(ByteOrder.LITTLE_ENDIAN));
        if (!isWelcome) {
            outcome = Outcome.UNANSWERED;
        } else if (packet.getLong(27) != 0) { // this backend was never spoken to
            outcome = Outcome.WRONG_COUNT;
        } else {
            welcomed = true;
        }
    }

    private static boolean isMap(ByteBuffer in) {
        for (int left = 2 * (in.getShort() & 0xFFFF); left > 0; left--) {
            if (in.remaining() < 2) {
                return false;
            }
            int length = in.getShort() & 0xFFFF;
            if (in.remaining() < length) {
                return false;
            }
            in.position(in.position() + length);
        }
        return true;
    }

    private void ofLink(int flag, ByteBuffer data) {
        switch (flag) {
            case 0x12 -> {
                if (data.remaining() < 8) {
                    tooShort++;
                } else {
                    acknowledge(data.getLong());
                }
            }
            case 0x13 -> ignored += data.remaining() > 16 ? 1 : 0;
            case 0x14 -> {}
            default -> meansNothing(flag, true);
        }
    }

    private void acknowledge(long count) {
        if (count > sent && count <= sent + ended.size()) {
            ambiguous = true;
        }
        if (count < acknowledged || count > sent) {
            outcome = Outcome.WRONG_COUNT;
        } else {
            acknowledged = count;
        }
    }

    private void ofSession(long id, int flag, ByteBuffer data) {
        switch (flag) {
            case 0x00 -> data(id, data);
            case 0x02 -> {
                if (isKick(data)) {
                    end(id);
                } else {
                    tooShort++;
                }
            }
            case 0x07 -> tooShort += data.remaining() < 8 || data.getLong() >>> 53 != 0 ? 1 : 0;
            default -> meansNothing(flag, false);
        }
    }

    private static boolean isKick(ByteBuffer data) {
        return !data.hasRemaining()
                || data.remaining() >= 2 && data.remaining() - 2 >= (data.getShort(data.position()) & 0xFFFF);
    }

    private void meansNothing(int flag, boolean isOfLink) {
        boolean ofServer = flag <= 0x09 && flag != 0x02 && flag != 0x07 || flag == 0x10 || flag >= 0x12 && flag <= 0x14;
        if (ofServer || isOfLink && flag == 0x11) {
            ignored++;
        } else {
            unknownFlag++;
        }
    }

    private void data(long id, ByteBuffer data) {
        if (ended.contains(id)) {
            return;
        }
        List<byte[]> of = delivered.get(id);
        if (of != null) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            of.add(bytes);
        } else if (id == STALE_ID && ++missed > missedPackets) {
            end(id);
        }
    }

    private void end(long id) {
        if (id == STALE_ID || delivered.containsKey(id)) {
            ended.add(id);
        }
    }

    boolean isAmbiguous() {
        return ambiguous;
    }

    /** Returns the packets that the client of a live session gets. */
    List<byte[]> delivered(long id) {
        return delivered.getOrDefault(id, List.of());
    }

    boolean hasEnded(long id) {
        return ended.contains(id);
    }

    Outcome outcome() {
        return outcome;
    }

    /** Returns the number of packets that are acknowledged in the end, if the link goes on. */
    long numbered() {
        return numbered;
    }

    int tooShort() {
        return tooShort;
    }

    int unknownFlag() {
        return unknownFlag;
    }

    int ignored() {
        return ignored;
    }
}
