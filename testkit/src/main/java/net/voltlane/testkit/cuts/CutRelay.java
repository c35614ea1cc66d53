package net.voltlane.testkit.cuts;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import net.voltlane.testkit.Direction;
import net.voltlane.testkit.version3.PeerLoop;
import org.jspecify.annotations.Nullable;

/**
 * A relay that ends a link behind an exact byte: of a direction, or of the next frame of a type. It knows where the frames
 * begin, so it tells in which one a cut was made, and can drop or repeat one to try a judge. It belongs to the thread of
 * its loop.
 */
public final class CutRelay implements CutStream.Watch {
    private static final int BUFFER_BYTES = 16 * 1024;

    private final PeerLoop loop;
    private final InetSocketAddress target;
    private final LinkKind kind;
    private final InetSocketAddress address;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private final List<CutLink> links = new ArrayList<>();
    private final List<CutPlace> cuts = new ArrayList<>();
    private final Map<Direction, Map<Integer, Long>> longest = new HashMap<>();
    private FrameWatch frames = (direction, type, frameBytes) -> {};
    private Supplier<@Nullable Cut> ofNextLinks = () -> null;
    private int linksMade;

    /** Hears of each frame that begins to pass. */
    public interface FrameWatch {
        /** @param frameBytes the frame's length with its prefix */
        void began(Direction direction, int type, long frameBytes);
    }

    /** A relay to {@code target}. */
    public CutRelay(PeerLoop loop, InetSocketAddress target, LinkKind kind) {
        this.loop = loop;
        this.target = target;
        this.kind = kind;
        address = loop.listenForChannels(this::accepted);
    }

    private void accepted(SocketChannel near) {
        CutStream out = new CutStream(kind, Direction.OUT, this);
        CutStream back = new CutStream(kind, Direction.BACK, this);
        try {
            CutLink link = CutLink.join(loop, near, target, out, back, buffer);
            linksMade++;
            links.removeIf(CutLink::isOver);
            links.add(link);
            Cut cut = ofNextLinks.get();
            if (cut != null) {
                link.arm(cut);
            }
        } catch (IOException e) {
            try {
                near.close(); // whoever has dialled tries again
            } catch (IOException gone) {
                // closing is all that can be done
            }
        }
    }

    /** The address to dial instead of the target. */
    public InetSocketAddress address() {
        return address;
    }

    /** Cuts the next link that is made, and none after it. */
    public void cutNext(Cut cut) {
        ofNextLinks = () -> {
            ofNextLinks = () -> null;
            return cut;
        };
    }

    /**
     * Cuts the links to come.
     *
     * @param cuts is asked for each of them; null lets a link be
     */
    public void cutEach(Supplier<@Nullable Cut> cuts) {
        ofNextLinks = cuts;
    }

    /** Cuts the links that are there. Their bytes count from now on. */
    public void cut(Cut cut) {
        links.forEach(link -> link.arm(cut));
    }

    /** Drops or repeats a frame on the links that are there. */
    public void tamper(Tamper tamper) {
        links.forEach(link -> link.arm(tamper));
    }

    /** Resets the links that are there. */
    public void reset() {
        links.forEach(CutLink::reset);
        links.clear();
    }

    /** Tells of the frames of all links from now on. */
    public void watch(FrameWatch watch) {
        frames = watch;
    }

    /** The number of links that have not ended in both directions. */
    public int liveLinks() {
        return (int) links.stream().filter(link -> !link.isOver()).count();
    }

    /** The number of links that were made so far. */
    public int links() {
        return linksMade;
    }

    /** The places of all cuts that were made, but for {@link #reset}. */
    public List<CutPlace> cuts() {
        return cuts;
    }

    /** The lengths of the longest frames that have begun, by type. */
    public Map<Integer, Long> longest(Direction direction) {
        return longest.getOrDefault(direction, Map.of());
    }

    @Override
    public void began(Direction direction, int type, long frameBytes) {
        longest.computeIfAbsent(direction, first -> new HashMap<>()).merge(type, frameBytes, Math::max);
        frames.began(direction, type, frameBytes);
    }

    @Override
    public void cut(CutPlace place) {
        cuts.add(place);
    }
}
