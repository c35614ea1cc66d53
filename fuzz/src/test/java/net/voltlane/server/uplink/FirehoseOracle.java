package net.voltlane.server.uplink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.voltlane.fuzz.Frames;
import net.voltlane.protocol.Reason;

/**
 * The expected outcome of a firehose, packet by packet, by sections 4 and 5 of PROTOCOL.md, for the sessions of the
 * target.
 */
final class FirehoseOracle {
    private static final int TAG_BYTES = 9;
    private static final long STALE_ID = 3;

    /** By id, of the live sessions. */
    private final Map<Long, List<byte[]>> delivered = Map.of(1L, new ArrayList<>(), 2L, new ArrayList<>());

    private final List<String> toMaster = new ArrayList<>();
    private final Map<Long, Reason> ended = new HashMap<>();
    private final boolean overLimit;
    private int missed;
    private int tooShort;
    private int unknownFlag;
    private int ignored;

    /** @param missedPackets how many are kept for the stale session */
    FirehoseOracle(Frames frames, int missedPackets) {
        overLimit = frames.isOverLimit();
        for (byte[] payload : frames.payloads()) {
            if (payload.length < TAG_BYTES) {
                tooShort++;
            } else {
                packet(ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN), missedPackets);
            }
        }
        if (overLimit) { // a new link begins with those who live
            delivered.keySet().stream().filter(id -> !ended.containsKey(id)).forEach(id -> toMaster.add(id + " 3 "));
        }
    }

    private void packet(ByteBuffer payload, int missedPackets) {
        long id = payload.getLong();
        switch (payload.get()) {
            case 0 -> data(id, payload, missedPackets);
            case 1, 3 -> ignored++;
            case 2 -> {
                if (isThere(id)) {
                    end(id, Reason.CLIENT_KICKED);
                }
            }
            default -> unknownFlag++;
        }
    }

    private void data(long id, ByteBuffer payload, int missedPackets) {
        if (!isThere(id)) {
            failure(id, Reason.CLIENT_NOT_FOUND);
        } else if (id != STALE_ID) {
            byte[] data = new byte[payload.remaining()];
            payload.get(data);
            delivered(id).add(data);
        } else if (++missed > missedPackets) {
            end(id, Reason.MISSED_PACKETS_OVERFLOW);
        }
    }

    private boolean isThere(long id) {
        return (id == STALE_ID || delivered.containsKey(id)) && !ended.containsKey(id);
    }

    private void end(long id, Reason why) {
        ended.put(id, why);
        failure(id, why);
    }

    private void failure(long id, Reason why) {
        toMaster.add(id + " 1 " + why.text());
    }

    /** Returns the packets that the client of a live session gets. */
    List<byte[]> delivered(long id) {
        return delivered.getOrDefault(id, List.of());
    }

    /** Returns the packets that the master gets on this link and the next, as id, flag and text, in any order. */
    List<String> toMaster() {
        return toMaster;
    }

    boolean isOverLimit() {
        return overLimit;
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
