package net.voltlane.server.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.Test;

final class OwnerTest {
    private final ManualClock clock = new ManualClock();

    @Test
    void onlyTheThreadOfTheLoopIsTheOwners() throws Exception {
        EventLoop loop = new DefaultEventLoop();
        try {
            Owner owner = Owner.of(loop);
            assertThat(owner.isCurrent()).isFalse();
            assertThat(loop.submit(owner::isCurrent).get(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    @Test
    void loopsThatShareOneThreadAreToldApart() {
        ManualLoop loop = new ManualLoop(clock);
        ManualLoop another = new ManualLoop(clock);
        Owner owner = Owner.of(loop);
        AtomicBoolean onItsOwn = new AtomicBoolean();
        AtomicBoolean onAnother = new AtomicBoolean(true);
        loop.execute(() -> onItsOwn.set(owner.isCurrent()));
        another.execute(() -> onAnother.set(owner.isCurrent()));
        loop.run();
        another.run();
        assertThat(onItsOwn).isTrue();
        assertThat(onAnother).isFalse();
    }

    @Test
    void aTestThatRunsNoLoopIsEveryOwner() {
        assertThat(Owner.of(new ManualLoop(clock)).isCurrent()).isTrue();
    }
}
