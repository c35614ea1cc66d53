package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.voltlane.testkit.IgnoredSignals;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS)
class SignalsTest {

    private static final List<String> NAMES = List.of("TERM", "INT", "HUP");

    private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
    private final List<Object> handlers = new ArrayList<>();

    @BeforeEach
    void take() throws Exception {
        Object unhandled =
                Class.forName("sun.misc.SignalHandler").getField("SIG_DFL").get(null);
        for (String name : NAMES) {
            handlers.add(handle(name, unhandled));
        }
        Signals.stopWith(() -> calls.add("stop"), () -> calls.add("end"));
    }

    /** So that whoever ends this JVM afterwards is heard; but no signal of the test, which nothing may have shown yet. */
    @AfterEach
    void giveBack() throws Exception {
        awaitDispatch();
        for (int i = 0; i < NAMES.size(); i++) {
            handle(NAMES.get(i), handlers.get(i));
        }
    }

    private static Object handle(String name, Object handler) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        return signal.getMethod("handle", signal, Class.forName("sun.misc.SignalHandler"))
                .invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
    }

    /** Commands that run inside a test may not let a signal end its JVM. */
    @Test
    void commandsInAProcessOfAnotherProgramLeaveItsSignalsAlone() throws Exception {
        Signals.exit();
        Signals.stopWith(() -> calls.add("wrong"));
        Signals.serve(() -> calls.add("wrong"), () -> calls.add("wrong"));
        raise("TERM");
        assertThat(next()).isEqualTo("stop");
        raise("INT");
        assertThat(next()).isEqualTo("end");
        assertThat(calls).isEmpty();
    }

    /**
     * Waits until the JVM has dispatched all signals raised so far. It dispatches the lowest number first, and looks for
     * the handler only then, so a late TERM would meet that of the next test. WINCH has a higher number than all of them.
     */
    private static void awaitDispatch() throws Exception {
        CountDownLatch dispatched = new CountDownLatch(1);
        Signals.on("WINCH", dispatched::countDown);
        raise("WINCH");
        assertThat(dispatched.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theFirstInterruptStopsAndTheSecondEndsAtOnce() throws Exception {
        raise("INT");
        assertThat(next()).isEqualTo("stop");
        raise("INT");
        assertThat(next()).isEqualTo("end");
    }

    @Test
    void anInterruptAfterATermEndsAtOnceAndASecondTermDoesNothing() throws Exception {
        raise("TERM");
        assertThat(next()).isEqualTo("stop");
        raise("TERM");
        raise("INT");
        assertThat(next()).isEqualTo("end");
        assertThat(calls).isEmpty();
    }

    @Test
    void aHangUpIsATerm() throws Exception {
        raise("HUP");
        assertThat(next()).isEqualTo("stop");
        raise("TERM");
        raise("HUP");
        raise("INT");
        assertThat(next()).isEqualTo("end");
        assertThat(calls).isEmpty();
    }

    @Test
    void aServerReloadsAtEachHangUpAndStopsAtATerm() throws Exception {
        Signals.serve(() -> calls.add("stop"), () -> calls.add("reload"), () -> calls.add("end"));
        raise("HUP");
        assertThat(next()).isEqualTo("reload");
        raise("HUP");
        assertThat(next()).isEqualTo("reload");
        raise("TERM");
        assertThat(next()).isEqualTo("stop");
        raise("TERM");
        raise("HUP");
        assertThat(next()).isEqualTo("reload");
        raise("INT");
        assertThat(next()).isEqualTo("end");
        assertThat(calls).isEmpty();
    }

    private String next() throws InterruptedException {
        return calls.poll(10, TimeUnit.SECONDS);
    }

    private static void raise(String name) throws ReflectiveOperationException {
        IgnoredSignals.assumeHeard(name);
        Class<?> signal = Class.forName("sun.misc.Signal");
        signal.getMethod("raise", signal)
                .invoke(null, signal.getConstructor(String.class).newInstance(name));
    }
}
