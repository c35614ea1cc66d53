package net.voltlane.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class QueueBoundsTest {
    private final QueueBounds bounds = new QueueBounds(2, 100);

    @Test
    void packetsAreAdmittedUpToBothBounds() {
        assertThat(bounds.admits(1, 50, 50)).isTrue();
        assertThat(bounds.admits(1, 50, 51)).isFalse();
        assertThat(bounds.admits(1, 0, 100)).isTrue();
        assertThat(bounds.admits(1, 0, 101)).isFalse();
        assertThat(bounds.admits(2, 2, 1)).isFalse();
        assertThat(bounds.admits(2, 2, 0)).isFalse();
    }

    @Test
    void onePacketAlwaysFitsIntoAnEmptyQueue() {
        assertThat(bounds.admits(0, 0, 101)).isTrue();
        assertThat(QueueBounds.ofBytes(0).admits(0, 0, Integer.MAX_VALUE)).isTrue();
        assertThat(bounds.areExceededBy(1, 1_000)).isFalse();
    }

    @Test
    void nothingFitsWhereNoPacketsAreAllowed() {
        assertThat(new QueueBounds(0, 100).admits(0, 0, 1)).isFalse();
        assertThat(new QueueBounds(0, 100).areExceededBy(1, 1)).isTrue();
        assertThat(new QueueBounds(0, 100).areExceededBy(0, 0)).isFalse();
    }

    @Test
    void boundsAreExceededByOnePacketOrOneByteTooMuch() {
        assertThat(bounds.areExceededBy(2, 100)).isFalse();
        assertThat(bounds.areExceededBy(3, 3)).isTrue();
        assertThat(bounds.areExceededBy(2, 101)).isTrue();
    }

    @Test
    void boundsAreHalfFreeOnceNeitherIsMoreThanHalfUsed() {
        assertThat(bounds.areHalfFreeWith(1, 50)).isTrue();
        assertThat(bounds.areHalfFreeWith(2, 50)).isFalse();
        assertThat(bounds.areHalfFreeWith(1, 51)).isFalse();
    }

    @Test
    void muchIsUsedFromHalfOfEitherBoundDownToAQuarterOfBoth() {
        QueueBounds eight = new QueueBounds(8, 100);
        assertThat(eight.areMuchUsedBy(3, 49, false)).isFalse();
        assertThat(eight.areMuchUsedBy(4, 0, false)).isTrue();
        assertThat(eight.areMuchUsedBy(1, 50, false)).isTrue();
        assertThat(eight.areMuchUsedBy(3, 0, true)).isTrue();
        assertThat(eight.areMuchUsedBy(0, 26, true)).isTrue();
        assertThat(eight.areMuchUsedBy(2, 25, true)).isFalse();
    }

    @Test
    void theSmallestBoundIsMuchUsedByOnePacketAndNotByNone() {
        QueueBounds one = new QueueBounds(1, 1);
        assertThat(one.areMuchUsedBy(0, 0, false)).isFalse();
        assertThat(one.areMuchUsedBy(1, 1, false)).isTrue();
        assertThat(one.areMuchUsedBy(1, 1, true)).isTrue();
        assertThat(one.areMuchUsedBy(0, 0, true)).isFalse();
    }

    @Test
    void aMissingBoundDoesNotOverflow() {
        QueueBounds endless = new QueueBounds(Long.MAX_VALUE, Long.MAX_VALUE);
        assertThat(endless.admits(Integer.MAX_VALUE, Long.MAX_VALUE / 2, Integer.MAX_VALUE))
                .isTrue();
        assertThat(endless.areExceededBy(Integer.MAX_VALUE, Long.MAX_VALUE / 2)).isFalse();
        assertThat(endless.areMuchUsedBy(Integer.MAX_VALUE, Integer.MAX_VALUE, false))
                .isFalse();
    }
}
