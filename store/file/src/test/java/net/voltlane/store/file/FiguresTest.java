package net.voltlane.store.file;

import static net.voltlane.store.file.TestStore.OWNER;
import static net.voltlane.store.file.TestStore.answer;
import static net.voltlane.store.file.TestStore.record;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import net.voltlane.server.store.Held;
import net.voltlane.server.store.StoredRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Figures of the store in a file, on the machine that runs this: what it does in a second, and how large its file is. */
@Tag("figures")
class FiguresTest {
    private static final int SESSIONS = 100_000;
    private static final int SEALED_BYTES = 300;
    /** The number of sessions that a session loop opens in a tick, and the calls that it makes before it waits. */
    private static final int TICK = 100;

    private static final int AHEAD = 16;

    private final Random random = new Random(18);

    @TempDir
    Path folder;

    @Test
    void showsOpensKeepsClaimsAndEndsPerSecond() throws Exception {
        Path path = folder.resolve("sessions");
        try (TestStore test = TestStore.open(path)) {
            List<Long> ids = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                ids.add(id());
            }
            run("opens", () -> ticks(ids, part -> test.store.put(records(part))));
            size("after " + SESSIONS + " opens", test, path);
            run("keeps", () -> ticks(ids, part -> test.store.keep(OWNER, held(part, 1))));
            run("finds", () -> each(ids, test.store::find));
            run("claims", () -> each(ids, id -> test.store.claim(id, 1, 2, OWNER, 60_000)));
            size("after claims", test, path);
            run("opens and ends", () -> {
                ticks(ids, part -> {
                    test.store.forget(OWNER, held(part, 2));
                    return test.store.put(records(part));
                });
            });
            size("after as many ends and opens", test, path);
            run("ends", () -> ticks(ids, part -> test.store.forget(OWNER, held(part, 2))));
            size("after ends", test, path);
        }
        System.out.println("closed: " + Files.size(path) + " bytes");
    }

    @Test
    void showsHowLongAFileTakesToOpen() throws Exception {
        Path path = folder.resolve("sessions");
        try (TestStore test = TestStore.open(path)) {
            List<Long> ids = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                ids.add(id());
            }
            ticks(ids, part -> test.store.put(records(part)));
        }
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            try (TestStore test = TestStore.open(path)) {
                System.out.println("opened " + test.store.facts().records() + " records in "
                        + (System.nanoTime() - start) / 1_000_000 + " ms, " + Files.size(path) + " bytes");
                assertThat(test.store.facts().records()).isEqualTo(SESSIONS);
            }
        }
    }

    private long id() {
        return 1 + (random.nextLong() & ((1L << 53) - 2));
    }

    private static List<StoredRecord> records(List<Long> ids) {
        return ids.stream().map(id -> record(id, 1, OWNER, SEALED_BYTES)).toList();
    }

    private static List<Held> held(List<Long> ids, long epoch) {
        return ids.stream().map(id -> new Held(id, epoch, 60_000)).toList();
    }

    private static void size(String when, TestStore test, Path path) throws Exception {
        System.out.println(when + ": " + test.store.facts() + ", " + Files.size(path) + " bytes");
    }

    /** Says how many a second, by the clock and, as the machine may have other things to do, by the store's own processor time. */
    private static void run(String what, Body body) throws Exception {
        long start = System.nanoTime();
        long startCpu = cpuNanos();
        body.run();
        long nanos = System.nanoTime() - start;
        long cpu = cpuNanos() - startCpu;
        System.out.printf(
                "%s: %,.0f a second, %,.0f in a second of the processor's%n",
                what, SESSIONS * 1e9 / nanos, SESSIONS * 1e9 / cpu);
    }

    private static long cpuNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (long id : threads.getAllThreadIds()) {
            ThreadInfo thread = threads.getThreadInfo(id);
            if (thread != null && thread.getThreadName().startsWith("voltlane-store")) {
                nanos += Math.max(0, threads.getThreadCpuTime(id));
            }
        }
        return nanos;
    }

    private static void ticks(List<Long> ids, Question<List<Long>> question) throws Exception {
        List<List<Long>> parts = new ArrayList<>();
        for (int i = 0; i < ids.size(); i += TICK) {
            parts.add(ids.subList(i, Math.min(ids.size(), i + TICK)));
        }
        ask(parts, question, AHEAD);
    }

    private static void each(List<Long> ids, Question<Long> question) throws Exception {
        ask(ids, question, 1_000);
    }

    private static <T> void ask(List<T> all, Question<T> question, int ahead) throws Exception {
        Deque<CompletionStage<?>> open = new ArrayDeque<>();
        for (T one : all) {
            if (open.size() == ahead) {
                answer(open.remove());
            }
            open.add(question.ask(one));
        }
        for (CompletionStage<?> stage : open) {
            answer(stage);
        }
    }

    private interface Question<T> {
        CompletionStage<?> ask(T about);
    }

    private interface Body {
        void run() throws Exception;
    }
}
