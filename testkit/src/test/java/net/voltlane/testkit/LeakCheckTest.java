package net.voltlane.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class LeakCheckTest {
    @Test
    void aForgottenBufferIsFoundAndAReleasedOneIsNot() {
        released();
        assertThat(LeakCheck.collectLeaks()).isEmpty();
        forgotten();
        assertThat(LeakCheck.collectLeaks()).singleElement().asString().contains("forgotten");
    }

    private static void released() {
        PooledByteBufAllocator.DEFAULT.directBuffer(16).release();
    }

    private static void forgotten() {
        PooledByteBufAllocator.DEFAULT.directBuffer(16).writeByte(1);
    }
}
