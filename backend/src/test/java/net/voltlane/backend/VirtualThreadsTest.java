package net.voltlane.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ThreadFactory;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ScriptedConnectionServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Tests on virtual threads. They are made by reflection, as code compiled for 17 can't name them. */
@Timeout(30)
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsTest {

    @Test
    void everythingWorksOnThem() throws Exception {
        Recorder recorder = new Recorder() {
            @Override
            public void data(Session session, byte[] data) {
                add(isVirtual(Thread.currentThread()) ? "virtual" : "platform");
                session.send(data);
            }
        };
        try (TestBackend it = TestBackend.listen(recorder, BackendOptions.DEFAULT.withThreads(virtualThreads()))) {
            ScriptedConnectionServer server = it.dial();
            for (int number = 0; number < 1000; number++) {
                server.data(7, Bytes.numbered(number, 1000));
            }
            for (int number = 0; number < 1000; number++) {
                assertThat(Bytes.number(server.dataFor(7))).isEqualTo(number);
            }
            recorder.expect("attached", "7 started", "virtual");
        }
    }

    private static ThreadFactory virtualThreads() throws ReflectiveOperationException {
        Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        return (ThreadFactory)
                Class.forName("java.lang.Thread$Builder").getMethod("factory").invoke(builder);
    }

    private static boolean isVirtual(Thread thread) {
        try {
            return (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
