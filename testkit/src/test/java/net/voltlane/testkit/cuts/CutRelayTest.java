package net.voltlane.testkit.cuts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.protocol.Frame;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.Direction;
import net.voltlane.testkit.version3.PeerLoop;
import net.voltlane.testkit.version3.PeerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CutRelayTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int DATA = 0;
    private static final int ACK = 1;

    private final PeerLoop loop = new PeerLoop();
    private final List<PeerSocket> far = new ArrayList<>();
    private final List<String> arrived = new ArrayList<>();
    private final CutRelay relay = new CutRelay(loop, loop.listen(this::accepted), LinkKind.CLIENT);

    private void accepted(PeerSocket socket) {
        far.add(socket);
        socket.onFrame(payload -> arrived.add(Bytes.text(payload).substring(1)));
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private static byte[] frame(int type, String text) {
        return Frame.of(Bytes.concat(new byte[] {(byte) type}, Bytes.utf8(text)));
    }

    /** A link on which the first frame, which has no type, has passed. */
    private PeerSocket link() {
        PeerSocket near = loop.connect(relay.address());
        near.write(frame(9, "first"));
        loop.run("the first frame passes", LIMIT, () -> arrived.contains("first"));
        arrived.clear();
        return near;
    }

    @Test
    void framesPassInBothDirections() {
        PeerSocket near = link();
        List<String> back = new ArrayList<>();
        near.onFrame(payload -> back.add(Bytes.text(payload).substring(1)));
        near.write(frame(DATA, "out"));
        far.get(0).write(frame(DATA, "back"));
        loop.run("both pass", LIMIT, () -> !arrived.isEmpty() && !back.isEmpty());
        assertThat(arrived).containsExactly("out");
        assertThat(back).containsExactly("back");
        assertThat(relay.cuts()).isEmpty();
        assertThat(relay.longest(Direction.BACK)).containsEntry(DATA, 9L);
    }

    @ParameterizedTest
    @EnumSource(Cut.How.class)
    void aCutComesBehindAnExactByteOfTheNextFrameOfItsType(Cut.How how) {
        PeerSocket near = link();
        relay.cut(new Cut(Direction.OUT, ACK, 7, how));
        near.write(Bytes.concat(frame(DATA, "long data"), frame(ACK, "ab"), frame(DATA, "never")));
        loop.run("both ends are over", LIMIT, () -> near.isOver() && far.get(0).isOver());
        assertThat(arrived).containsExactly("long data", "ab");
        assertThat(relay.cuts()).containsExactly(new CutPlace(Direction.OUT, ACK, 7, 7));
    }

    @Test
    void aCutComesBehindAnExactByteOfALink() {
        for (int bytes = 1; bytes <= 24; bytes++) {
            arrived.clear();
            relay.cutNext(Cut.behind(Direction.OUT, bytes, Cut.How.HALF_CLOSE));
            PeerSocket near = loop.connect(relay.address());
            near.write(Bytes.concat(frame(DATA, "one"), frame(DATA, "two"), frame(DATA, "six")));
            loop.run("the link is over", LIMIT, near::isOver);
            assertThat(arrived).hasSize(bytes / 8);
            assertThat(relay.cuts()).hasSize(bytes);
        }
    }

    @Test
    void framesCanBeDroppedAndRepeated() {
        PeerSocket near = link();
        relay.tamper(new Tamper(Direction.OUT, ACK, Tamper.How.DROP));
        near.write(Bytes.concat(frame(DATA, "1"), frame(ACK, "2"), frame(ACK, "3")));
        loop.run("what is left passes", LIMIT, () -> arrived.size() == 2);
        relay.tamper(new Tamper(Direction.OUT, DATA, Tamper.How.REPEAT));
        near.write(Bytes.concat(frame(DATA, "4"), frame(DATA, "5")));
        loop.run("one passes twice", LIMIT, () -> arrived.size() == 5);
        assertThat(arrived).containsExactly("1", "3", "4", "4", "5");
    }
}
