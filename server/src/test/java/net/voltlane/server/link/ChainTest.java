package net.voltlane.server.link;

import static net.voltlane.server.link.Bufs.buf;
import static net.voltlane.server.link.Bufs.bytes;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
final class ChainTest {
    private final Chain chain = new Chain(ByteBufAllocator.DEFAULT);

    @AfterEach
    void release() {
        chain.release();
        assertThat(chain.isEmpty()).isTrue();
        assertThat(chain.bytes()).isZero();
    }

    private void copy(String text) {
        ByteBuf source = buf(utf8("<<" + text + ">>"));
        chain.copy(source, 2, text.length());
        assertThat(source.refCnt()).as("the source stays the caller's").isOne();
        source.release();
    }

    @Test
    void anEmptyChainHoldsNothing() {
        assertThat(chain.isEmpty()).isTrue();
        assertThat(chain.bytes()).isZero();
        assertThat(chain.firstBytes()).isZero();
        assertThat(chain.poll()).isNull();
        assertThat(chain.takeAll()).isEmpty();
    }

    @Test
    void whatIsAddedAndCopiedComesOutInOrder() {
        chain.add(buf(utf8("one ")));
        copy("two ");
        copy("three ");
        chain.add(buf(utf8("four ")));
        copy("five");
        assertThat(chain.bytes()).isEqualTo("one two three four five".length());
        assertThat(chain.isEmpty()).isFalse();
        assertThat(bytes(chain.takeAll())).isEqualTo(utf8("one two three four five"));
        assertThat(chain.isEmpty()).isTrue();
        assertThat(chain.bytes()).isZero();
    }

    @Test
    void addedBuffersAreTakenAsTheyAreAndCopiesShareOne() {
        ByteBuf added = buf(utf8("added"));
        chain.add(added);
        copy("a");
        copy("b");
        List<ByteBuf> all = chain.takeAll();
        assertThat(all).hasSize(2);
        assertThat(all.get(0)).isSameAs(added);
        assertThat(bytes(all)).isEqualTo(utf8("addedab"));
    }

    @Test
    void nothingIsAppendedToABufferThatWasAdded() {
        ByteBuf theirs = ByteBufAllocator.DEFAULT.directBuffer(100).writeBytes(utf8("theirs"));
        chain.add(theirs);
        copy("ours");
        assertThat(theirs.readableBytes()).isEqualTo(6);
    }

    @Test
    void nothingIsAppendedToACopyThatWasPolled() {
        copy("first");
        ByteBuf polled = chain.poll();
        copy("second");
        assertThat(polled.readableBytes()).isEqualTo(5);
        assertThat(chain.bytes()).isEqualTo(6);
        polled.release();
    }

    @Test
    void pollTakesTheFirst() {
        chain.add(buf(utf8("a")));
        chain.add(buf(utf8("bc")));
        chain.add(buf(utf8("def")));
        assertThat(chain.firstBytes()).isOne();
        assertThat(bytes(chain.poll())).isEqualTo(utf8("a"));
        assertThat(chain.firstBytes()).isEqualTo(2);
        assertThat(chain.bytes()).isEqualTo(5);
        assertThat(bytes(chain.poll())).isEqualTo(utf8("bc"));
        assertThat(bytes(chain.poll())).isEqualTo(utf8("def"));
        assertThat(chain.poll()).isNull();
        chain.add(buf(utf8("g")));
        assertThat(bytes(chain.poll())).isEqualTo(utf8("g"));
    }

    @Test
    void manySmallCopiesLieInFewBuffersOfBoundedSize() {
        for (int i = 0; i < 10_000; i++) {
            copy("0123456789abcdef");
        }
        List<Integer> capacities = new ArrayList<>();
        chain.forEach(buf -> capacities.add(buf.capacity()));
        assertThat(capacities.size()).isLessThan(12);
        assertThat(capacities).allMatch(bytes -> bytes <= 64 * 1024);
        assertThat(capacities.get(0)).as("an almost empty chain is small").isLessThanOrEqualTo(512);
    }

    @Test
    void aCopyLargerThanAnyBufferGetsOneOfItsOwnSize() {
        ByteBuf source = buf(new byte[300_000]);
        chain.copy(source, 0, 300_000);
        source.release();
        assertThat(chain.firstBytes()).isEqualTo(300_000);
    }

    @Test
    void roomIsForExactlyAsMuchAsWasAskedFor() {
        chain.room(8).writeLong(1);
        assertThat(chain.bytes()).isEqualTo(8);
        chain.room(300).writeZero(300);
        assertThat(chain.bytes()).isEqualTo(308);
        assertThat(bytes(chain.takeAll())).hasSize(308);
    }

    @Test
    void compactingCopiesWhatWasAddedAndLetsGoOfIt() {
        ByteBuf large = buf(new byte[1000]).setByte(10, 'x').setByte(20, 'y');
        chain.add(large.retainedSlice(10, 1));
        chain.add(large.retainedSlice(20, 1));
        chain.compact();
        assertThat(large.refCnt()).isOne();
        large.release();
        assertThat(chain.bytes()).isEqualTo(2);
        copy("z");
        assertThat(bytes(chain.takeAll())).isEqualTo(utf8("xyz"));
    }
}
