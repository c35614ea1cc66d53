package net.voltlane.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that leaks a Netty buffer: {@code @ExtendWith(LeakCheck.class)}. Netty itself only logs a leak,
 * and only when it next allocates after the garbage collector has found it; a run that merely logs stays green.
 *
 * <p>Needs JUnit and Netty, which this module's users bring; and {@code -Dio.netty.leakDetection.level=paranoid}, or
 * some leaks go unseen. It has to be loaded before the first buffer: Netty asks for its detectors once. Test classes
 * must not run in parallel, or one pays for another's leak.
 */
public final class LeakCheck implements BeforeAllCallback, AfterAllCallback {
    private static final List<String> LEAKS = new ArrayList<>();
    private static final int COLLECTIONS = 2;

    static {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new CollectingFactory());
    }

    /** For JUnit. */
    public LeakCheck() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        collectLeaks();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        List<String> leaks = collectLeaks();
        if (!leaks.isEmpty()) {
            throw new AssertionError(leaks.size() + " kinds of leaked buffers:\n" + String.join("\n", leaks));
        }
    }

    /** Returns the leaks since the last call, a text for each kind. */
    static List<String> collectLeaks() {
        for (int i = 0; i < COLLECTIONS; i++) {
            collectGarbage();
            // Netty looks for leaked buffers when it hands out the next.
            ByteBuf trigger = UnpooledByteBufAllocator.DEFAULT.directBuffer(1);
            trigger.release();
        }
        synchronized (LEAKS) {
            List<String> found = List.copyOf(LEAKS);
            LEAKS.clear();
            return found;
        }
    }

    /** Returns when the collector has found a fresh piece of garbage, and so, most likely, all older ones. */
    private static void collectGarbage() {
        ReferenceQueue<Object> found = new ReferenceQueue<>();
        PhantomReference<Object> garbage = new PhantomReference<>(new Object(), found);
        System.gc();
        try {
            found.remove(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Reference.reachabilityFence(garbage);
        }
    }

    private static final class CollectingFactory extends ResourceLeakDetectorFactory {
        @Override
        @Deprecated
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> type, int interval, long maxActive) {
            return new CollectingDetector<>(type, interval);
        }

        @Override
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> type, int interval) {
            return new CollectingDetector<>(type, interval);
        }
    }

    private static final class CollectingDetector<T> extends ResourceLeakDetector<T> {
        CollectingDetector(Class<T> type, int interval) {
            super(type, interval);
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String type, String records) {
            add(type + " was not released:" + records);
        }

        @Override
        protected void reportUntracedLeak(String type) {
            add(type + " was not released");
        }

        private static void add(String leak) {
            synchronized (LEAKS) {
                LEAKS.add(leak);
            }
        }
    }
}
