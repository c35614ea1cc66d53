package net.voltlane.server.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
final class FirehoseFlowTest {
    private static final int OVER_THE_BOUND_BYTES = (4 << 20) + 1;

    private final ManualLoop sessionLoop = new ManualLoop(new ManualClock());
    private final ManualLoop oneLoop = new ManualLoop(new ManualClock());
    private final ManualLoop anotherLoop = new ManualLoop(new ManualClock());
    private final FirehoseFlow flow = new FirehoseFlow(sessionLoop);
    private final LoopQueue one = flow.queueTo(oneLoop, ByteBufAllocator.DEFAULT, () -> {});
    private final LoopQueue another = flow.queueTo(anotherLoop, ByteBufAllocator.DEFAULT, () -> {});
    private final List<Boolean> changes = new ArrayList<>();

    FirehoseFlowTest() {
        flow.onChange(() -> changes.add(flow.isPaused()));
    }

    private void fill(LoopQueue queue) {
        put(queue, OVER_THE_BOUND_BYTES);
        sessionLoop.run();
    }

    private static void put(LoopQueue queue, int bytes) {
        queue.pass(
                (buf, index, length) -> {},
                ByteBufAllocator.DEFAULT.directBuffer(bytes).writeZero(bytes));
    }

    private void catchUp(ManualLoop clientLoop) {
        clientLoop.run();
        sessionLoop.run();
    }

    @Test
    void whileAllLoopsKeepUpNothingIsSaid() {
        put(one, 100);
        flow.wasRead();
        sessionLoop.run();
        catchUp(oneLoop);
        assertThat(flow.isPaused()).isFalse();
        assertThat(changes).isEmpty();
    }

    @Test
    void itIsPausedWhileALoopIsBehind() {
        fill(one);
        assertThat(flow.isPaused()).as("before it was looked at").isFalse();
        flow.wasRead();
        assertThat(changes).containsExactly(true);
        flow.wasRead(); // a read that was under way
        catchUp(oneLoop);
        assertThat(changes).containsExactly(true, false);
        assertThat(sessionLoop.run()).as("it is said once").isZero();
    }

    @Test
    void itIsPausedUntilTheLastLoopHasCaughtUp() {
        fill(one);
        fill(another);
        flow.wasRead();
        catchUp(oneLoop);
        assertThat(changes).containsExactly(true);
        catchUp(anotherLoop);
        assertThat(changes).containsExactly(true, false);
    }

    @Test
    void aLoopThatWasNotWaitedForDoesNotEndThePause() {
        fill(one);
        fill(another);
        flow.wasRead();
        catchUp(anotherLoop);
        assertThat(changes).containsExactly(true);
        catchUp(oneLoop);
        assertThat(changes).containsExactly(true, false);
    }

    @Test
    void aLoopThatCatchesUpBeforeItIsWaitedForIsNotWaitedForForEver() {
        fill(one);
        oneLoop.run();
        flow.wasRead();
        assertThat(flow.isPaused()).isFalse();
    }

    @Test
    void itIsPausedWhileAClientBlocks() {
        flow.block();
        assertThat(flow.isPaused()).isTrue();
        flow.unblock();
        assertThat(flow.isPaused()).isFalse();
        assertThat(changes).containsExactly(true, false);
    }

    @Test
    void eachReasonHoldsWithoutTheOther() {
        flow.block();
        fill(one);
        flow.wasRead();
        flow.unblock();
        assertThat(flow.isPaused()).as("for the loop").isTrue();
        flow.block();
        catchUp(oneLoop);
        assertThat(flow.isPaused()).as("for the client").isTrue();
        assertThat(changes).containsExactly(true);
        flow.unblock();
        assertThat(changes).containsExactly(true, false);
    }

    @Test
    void blocksDoNotNest() {
        assertThatThrownBy(flow::unblock).isInstanceOf(AssertionError.class);
        flow.block();
        assertThatThrownBy(flow::block).isInstanceOf(AssertionError.class);
    }

    @Test
    void whatWasReadIsPostedBeforeTheTickEndsIfItIsLarge() {
        put(one, 256 * 1024);
        put(another, 100);
        flow.wasRead();
        assertThat(oneLoop.run()).isOne();
        assertThat(anotherLoop.run()).isZero();
        sessionLoop.run();
        assertThat(anotherLoop.run()).isOne();
    }

    @Test
    void itBelongsToTheSessionLoop() {
        EventLoop loop = new DefaultEventLoop();
        FirehoseFlow elsewhere = new FirehoseFlow(loop);
        assertThatThrownBy(elsewhere::wasRead).isInstanceOf(AssertionError.class);
        assertThatThrownBy(elsewhere::block).isInstanceOf(AssertionError.class);
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
