package net.voltlane.systemtest.cuts;

import java.util.EnumMap;
import java.util.Map;
import net.voltlane.testkit.Direction;
import net.voltlane.testkit.cuts.CutRelay;
import net.voltlane.testkit.cuts.LinkKind;

/**
 * The lengths of both directions of a handshake of TLS 1.3, by the records that a relay sees. The end that dials encrypts
 * nothing before its Finished, which it sends only when it has all of the other's part.
 */
final class TlsHandshakeMeter implements CutRelay.FrameWatch {
    private final Map<Direction, Integer> bytes = new EnumMap<>(Direction.class);
    private boolean isDone;

    @Override
    public void began(Direction direction, int type, long frameBytes) {
        if (!isDone) {
            bytes.merge(direction, Math.toIntExact(frameBytes), Integer::sum);
            isDone = direction == Direction.OUT && type == LinkKind.RECORD_OF_DATA;
        }
    }

    boolean isDone() {
        return isDone;
    }

    /** The length of a direction of the first handshake that it saw. */
    int bytes(Direction direction) {
        return bytes.getOrDefault(direction, 0);
    }
}
