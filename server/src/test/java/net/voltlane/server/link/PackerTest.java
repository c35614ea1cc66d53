package net.voltlane.server.link;

import static net.voltlane.server.link.Bufs.buf;
import static net.voltlane.server.link.Bufs.bytes;
import static net.voltlane.testkit.Bytes.text;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
final class PackerTest {
    private final ManualLoop from = new ManualLoop(new ManualClock());
    private final ManualLoop to = new ManualLoop(new ManualClock());
    private final Lane lane = new Lane(from, to, ByteBufAllocator.DEFAULT, () -> {}, () -> {});
    private final List<String> seen = new ArrayList<>();
    private final Packer packer = new Packer(lane, frames -> seen.add(text(bytes(frames))));

    private void pack(String text) {
        packer.room(text.length()).writeBytes(utf8(text));
    }

    private List<String> arrived() {
        from.run();
        to.run();
        List<String> now = List.copyOf(seen);
        seen.clear();
        return now;
    }

    @Test
    void smallFramesOfOneTickShareABuffer() {
        pack("a");
        pack("b");
        pack("c");
        assertThat(arrived()).containsExactly("abc");
        pack("d");
        assertThat(arrived()).as("the buffer of the last tick is gone").containsExactly("d");
    }

    @Test
    void framesPassedOnAsTheyAreKeepTheirPlace() {
        pack("a");
        packer.pass(buf(utf8("[whole]")));
        pack("b");
        pack("c");
        assertThat(arrived()).containsExactly("a", "[whole]", "bc");
    }

    @Test
    void afterACutWhatIsPackedComesBehindWhatTheLaneGot() {
        pack("a");
        packer.cut();
        lane.event(() -> seen.add("event"));
        pack("b");
        assertThat(arrived()).containsExactly("a", "event", "b");
    }

    @Test
    void aBatchThatWasPostedEarlyIsNotAppendedTo() {
        int large = 256 * 1024;
        packer.room(large).writeZero(large);
        lane.postIfLarge();
        pack("next");
        to.run();
        assertThat(seen).hasSize(1);
        assertThat(arrived()).hasSize(2).endsWith("next");
    }

    @Test
    void manySmallFramesLieInBuffersOfBoundedSize() {
        String sixteen = "0123456789abcdef";
        for (int i = 0; i < 20_000; i++) {
            pack(sixteen);
        }
        List<String> parts = arrived();
        assertThat(String.join("", parts)).isEqualTo(sixteen.repeat(20_000));
        assertThat(parts).allMatch(part -> part.length() <= 64 * 1024);
        assertThat(parts.size()).isLessThan(12);
    }

    @Test
    void whatIsPackedCountsForTheLane() {
        int bytes = 1024 * 1024;
        for (int i = 0; i < 4; i++) {
            packer.room(bytes).writeZero(bytes);
        }
        assertThat(lane.isFull()).isFalse();
        pack("one more");
        assertThat(lane.isFull()).isTrue();
        arrived();
        assertThat(lane.isFull()).isFalse();
    }
}
