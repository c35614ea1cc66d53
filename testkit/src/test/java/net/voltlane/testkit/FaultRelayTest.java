package net.voltlane.testkit;

import static net.voltlane.testkit.Bytes.utf8;
import static net.voltlane.testkit.Direction.BACK;
import static net.voltlane.testkit.Direction.OUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Random;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Tag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultRelayTest {
    private static final Duration SHORT = Duration.ofMillis(100);

    private final ScriptedMaster far = ScriptedMaster.listen();
    private final FaultRelay relay = FaultRelay.to(far.address());
    private final ScriptedClient near = ScriptedClient.connect(relay.address());

    @AfterEach
    void close() {
        near.close();
        relay.close();
        far.close();
    }

    @Test
    void withoutFaultsBytesAndFinsPassBothWays() {
        near.write(frame("out"));
        assertThat(far.dataOf(1)).isEqualTo(utf8("out"));
        far.write(frame("back"));
        assertThat(near.read(frame("back").length)).isEqualTo(frame("back"));
        near.shutdownOutput();
        await().until(() -> far.firehose().hasEnded());
        assertThat(near.readUntilClosed().orderly()).isTrue();
    }

    @Test
    void aCutResetsBothSides() {
        Firehose link = far.accept();
        relay.cut();
        assertThat(near.readUntilClosed().orderly()).isFalse();
        await().until(link::hasEnded);
    }

    @Test
    void finishEndsBothSidesInGoodOrder() {
        Firehose link = far.accept();
        relay.finish();
        assertThat(near.readUntilClosed().orderly()).isTrue();
        await().until(link::hasEnded);
    }

    @Test
    void aCutOfOneSideIsNotSeenOnTheOther() {
        far.accept();
        relay.cut(FaultRelay.Side.TARGET);
        await().until(() -> far.firehose().hasEnded());
        near.expectSilence(SHORT);
    }

    @Test
    void aStalledDirectionHoldsBytesBackAndLosesNone() {
        Firehose link = far.accept();
        relay.stall(OUT);
        near.write(frame("waits"));
        link.expectSilenceOf(1, SHORT);
        link.write(frame("back"));
        assertThat(near.read(frame("back").length)).isEqualTo(frame("back"));
        relay.unstall(OUT);
        assertThat(link.dataOf(1)).isEqualTo(utf8("waits"));
    }

    @Test
    void aDelayedDirectionIsLateByThatMuch() {
        Firehose link = far.accept();
        relay.delay(BACK, Duration.ofMillis(200));
        long startNanos = System.nanoTime();
        link.write(frame("late"));
        near.read(1);
        assertThat(System.nanoTime() - startNanos)
                .isGreaterThanOrEqualTo(Duration.ofMillis(200).toNanos());
    }

    @Test
    void splitWritesChangeNothingButTheirSizes() {
        byte[] text = new byte[10_000];
        new Random(1).nextBytes(text);
        relay.split(OUT, 1, 7, 3);
        near.write(Tag.frame(1, Flag.DATA, text));
        assertThat(far.dataOf(1)).isEqualTo(text);
    }

    @Test
    void aCutAfterSoManyBytesPassesExactlyThose() {
        Firehose link = far.accept();
        byte[] frame = frame("12345");
        relay.cutAfter(BACK, frame.length + 2);
        link.write(frame, frame, frame);
        Closing closing = near.readUntilClosed();
        assertThat(closing.rest()).isEqualTo(Bytes.concat(frame, new byte[] {frame[0], frame[1]}));
        assertThat(closing.orderly()).isFalse();
        assertThat(relay.bytesPassed(BACK)).isEqualTo(frame.length + 2);
    }

    @Test
    void aCutHappensOnceAndNewLinksWork() {
        relay.cutAfter(OUT, 1);
        near.write(frame("x"));
        near.readUntilClosed();
        try (ScriptedClient second = ScriptedClient.connect(relay.address())) {
            second.write(frame("second"));
            await().until(() -> far.links() == 2);
            assertThat(far.dataOf(1)).isEqualTo(utf8("second"));
        }
    }

    @Test
    void aBlackHoleSwallowsEverythingAndLooksAlive() {
        Firehose link = far.accept();
        relay.blackHole(true);
        near.write(frame("gone"));
        link.write(frame("gone"));
        link.expectSilenceOf(1, SHORT);
        near.expectSilence(SHORT);
        near.close();
        link.expectSilenceOf(1, SHORT);
        assertThat(link.hasEnded()).isFalse();
    }

    private static byte[] frame(String text) {
        return Tag.frame(1, Flag.DATA, utf8(text));
    }
}
