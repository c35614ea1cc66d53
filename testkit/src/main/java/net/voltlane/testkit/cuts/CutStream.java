package net.voltlane.testkit.cuts;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.voltlane.testkit.Direction;
import org.jspecify.annotations.Nullable;

/**
 * A direction of a relayed link: finds its frames, and lets bytes pass up to the cut. The head of a frame waits until its
 * type is known.
 */
final class CutStream {
    /** Hears of frames and of the cut. */
    interface Watch {
        void began(Direction direction, int type, long frameBytes);

        void cut(CutPlace place);
    }

    private final LinkKind kind;
    private final Direction direction;
    private final Watch watch;
    private @Nullable Cut cut;
    private @Nullable Tamper tamper;

    private byte[] held = {};
    private boolean isFirst = true;
    private int type;
    private long frameBytes;
    /** Bytes of the frame that have not passed. */
    private long missing;
    /** Bytes that may pass before the cut, once the cut's frame has begun. */
    private long untilCut = Long.MAX_VALUE;

    private boolean isCut;

    CutStream(LinkKind kind, Direction direction, Watch watch) {
        this.kind = kind;
        this.direction = direction;
        this.watch = watch;
    }

    /** Cuts the link from now on; a cut that is counted from the link's first byte has to come before that byte. */
    void arm(Cut next) {
        cut = next;
        untilCut = next.type() == Cut.ANY ? next.bytes() : Long.MAX_VALUE;
    }

    void arm(Tamper next) {
        tamper = next;
    }

    /** Takes what was read; returns what may pass. */
    ByteBuffer take(ByteBuffer read) {
        byte[] all = new byte[held.length + read.remaining()];
        System.arraycopy(held, 0, all, 0, held.length);
        read.get(all, held.length, read.remaining());
        ByteArrayOutputStream out = new ByteArrayOutputStream(all.length);
        int at = 0;
        while (!isCut && at < all.length) {
            if (missing == 0 && !begin(all, at)) {
                break;
            }
            int n = (int) Math.min(Math.min(missing, untilCut), all.length - at);
            pass(all, at, n, out);
            at += n;
        }
        held = isCut ? new byte[0] : Arrays.copyOfRange(all, at, all.length);
        return ByteBuffer.wrap(out.toByteArray());
    }

    private void pass(byte[] all, int at, int n, ByteArrayOutputStream out) {
        Tamper what = tamper;
        boolean isTampered = what != null && what.type() == type;
        if (what == null || !isTampered) {
            out.write(all, at, n);
        } else if (what.how() == Tamper.How.REPEAT) {
            out.write(all, at, n); // n is the whole frame, see begin
            out.write(all, at, n);
        }
        missing -= n;
        if (isTampered && missing == 0) {
            tamper = null;
        }
        untilCut = untilCut == Long.MAX_VALUE ? untilCut : untilCut - n;
        if (untilCut == 0) {
            isCut = true;
            watch.cut(new CutPlace(direction, type, frameBytes - missing, frameBytes));
        }
    }

    /** Begins the next frame; returns false where too little of it is there. */
    private boolean begin(byte[] all, int at) {
        int there = all.length - at;
        if (there < kind.prefixBytes()) {
            return false;
        }
        long bytes = kind.frameBytes(all, at);
        int needed = kind.headBytes((int) Math.min(bytes, Integer.MAX_VALUE));
        if (there < needed || tamper != null && there < bytes) {
            return false;
        }
        type = kind.typeAt(all, at, needed, isFirst && direction == Direction.OUT);
        isFirst = false;
        frameBytes = bytes;
        missing = bytes;
        watch.began(direction, type, bytes);
        Cut next = cut;
        if (next != null && next.type() == type && untilCut == Long.MAX_VALUE && next.bytes() <= bytes) {
            untilCut = next.bytes();
        }
        return true;
    }

    /** True if nothing may pass any more. */
    boolean isCut() {
        return isCut;
    }
}
