package net.voltlane.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.ExtendWith;

/** The loops around an engine end, whatever the engine says. */
@Timeout(10)
@ExtendWith(LeakCheck.class)
final class TlsEngineTest {
    private final Scripted script = new Scripted();
    private final TlsEngine engine = new TlsEngine(script);

    /** Calls until the engine is done with so many bytes of input. Returns the number of calls. */
    private int unwraps(int bytes) throws SSLException {
        ByteBuf in = ByteBufAllocator.DEFAULT.directBuffer().writeZero(bytes);
        ByteBuf plain = ByteBufAllocator.DEFAULT.directBuffer(64);
        try {
            engine.begin(in, bytes);
            int calls = 1;
            while (engine.unwrap(plain)) {
                calls++;
            }
            assertThat(in.isReadable())
                    .as("the input is done with, whatever became of it")
                    .isFalse();
            return calls;
        } finally {
            in.release();
            plain.release();
        }
    }

    @Test
    void anEngineThatWantsToSpeakAndNeverDoesIsAskedTwice() throws SSLException {
        script.always = new SSLEngineResult(Status.OK, HandshakeStatus.NEED_WRAP, 0, 0);
        assertThat(unwraps(100)).isEqualTo(2);
    }

    @Test
    void anEngineThatTakesNothingIsNotAskedAgain() throws SSLException {
        script.always = new SSLEngineResult(Status.BUFFER_UNDERFLOW, HandshakeStatus.NEED_UNWRAP, 0, 0);
        assertThat(unwraps(100)).isOne();
    }

    @Test
    void anEngineThatSpeaksFirstGoesOnReading() throws SSLException {
        script.next(HandshakeStatus.NEED_WRAP, 40)
                .next(HandshakeStatus.NEED_WRAP, 0)
                .next(HandshakeStatus.NOT_HANDSHAKING, 60);
        assertThat(unwraps(100)).isEqualTo(3);
        assertThat(engine.isHandshakeDone()).isTrue();
    }

    @Test
    void aTaskThatDoesNotComeIsNotWaitedFor() throws SSLException {
        script.next(HandshakeStatus.NEED_TASK, 100);
        script.always = new SSLEngineResult(Status.OK, HandshakeStatus.NEED_TASK, 0, 0);
        assertThat(unwraps(100)).isEqualTo(2);
    }

    @Test
    void anEndOfTheInputIsTheEnd() throws SSLException {
        script.always = new SSLEngineResult(Status.CLOSED, HandshakeStatus.NEED_WRAP, 10, 0);
        assertThat(unwraps(100)).isOne();
        assertThat(engine.isInputDone()).isTrue();
    }

    /** A peer could use the first of several records that a write became. */
    @Test
    void aWriteThatBecomesShortRecordsIsAFault() {
        script.always = new SSLEngineResult(Status.OK, HandshakeStatus.NOT_HANDSHAKING, 512, 540);
        ByteBuf plain = ByteBufAllocator.DEFAULT.directBuffer().writeZero(600);
        assertThatThrownBy(() -> engine.encrypt(ByteBufAllocator.DEFAULT, plain))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("short records");
        plain.release();
    }

    /** A thread of its own, since a loop without an end hears no interrupt. */
    @Test
    @Timeout(value = 10, threadMode = ThreadMode.SEPARATE_THREAD)
    void anEngineThatTakesNothingToSendIsNotAskedAgain() throws SSLException {
        script.always = new SSLEngineResult(Status.OK, HandshakeStatus.NEED_UNWRAP, 0, 0);
        ByteBuf plain = ByteBufAllocator.DEFAULT.directBuffer().writeZero(600);
        ByteBuf out = ByteBufAllocator.DEFAULT.directBuffer(1_000);
        assertThat(engine.encrypt(plain, 0, 600, out)).isFalse();
        assertThatThrownBy(() -> engine.encrypt(ByteBufAllocator.DEFAULT, plain))
                .isInstanceOf(SSLException.class);
        plain.release();
        out.release();
    }

    /** Says what a test has written down for it. */
    private static final class Scripted extends StubEngine {
        private final Deque<SSLEngineResult> results = new ArrayDeque<>();
        private SSLEngineResult always;

        Scripted next(HandshakeStatus status, int consumed) {
            results.add(new SSLEngineResult(Status.OK, status, consumed, 0));
            return this;
        }

        private SSLEngineResult take(ByteBuffer from) {
            SSLEngineResult result = results.isEmpty() ? always : results.poll();
            from.position(from.position() + Math.min(from.remaining(), result.bytesConsumed()));
            return result;
        }

        @Override
        public SSLEngineResult wrap(ByteBuffer[] srcs, int offset, int length, ByteBuffer dst) {
            SSLEngineResult result = take(srcs[offset]);
            dst.position(dst.position() + result.bytesProduced());
            return result;
        }

        @Override
        public SSLEngineResult unwrap(ByteBuffer src, ByteBuffer[] dsts, int offset, int length) {
            return take(src);
        }

        @Override
        public HandshakeStatus getHandshakeStatus() {
            return always.getHandshakeStatus();
        }
    }
}
