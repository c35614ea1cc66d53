package net.voltlane.store.file;

import static net.voltlane.store.file.TestStore.OWNER;
import static net.voltlane.store.file.TestStore.answer;
import static net.voltlane.store.file.TestStore.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import net.voltlane.server.store.Held;
import net.voltlane.server.store.StoredRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A steady coming and going of sessions: the file stays about as large as what is in it. */
class FileSizeTest {
    private static final int LIVE = 10_000;
    private static final int OPENS = 200_000;
    private static final int TICK = 100;
    private static final int SEALED_BYTES = 300;
    /** Under full load, on a fast machine, some two seconds of writes are beside what is live. All that is written is 1 GB. */
    private static final long MAX_BYTES = 100_000_000;
    /** After it. */
    private static final long QUIET_BYTES = 4L * LIVE * SEALED_BYTES;

    @TempDir
    Path folder;

    @Test
    void isBoundedUnderLoadAndASmallMultipleOfWhatIsLiveAfterIt() throws Exception {
        Path path = folder.resolve("sessions");
        Random random = new Random(18);
        List<Long> live = new ArrayList<>();
        Deque<CompletionStage<?>> open = new ArrayDeque<>();
        long largest = 0;
        try (TestStore test = TestStore.open(path)) {
            for (int opened = 0; opened < OPENS; opened += TICK) {
                List<StoredRecord> coming = new ArrayList<>();
                List<Held> going = new ArrayList<>();
                for (int i = 0; i < TICK; i++) {
                    long id = 1 + random.nextLong(1L << 53);
                    coming.add(record(id, 1, OWNER, SEALED_BYTES));
                    live.add(id);
                    if (live.size() > LIVE) {
                        going.add(new Held(takeAny(live, random), 1, 1));
                    }
                }
                open.add(test.store.put(coming));
                open.add(test.store.forget(OWNER, going));
                while (open.size() > 4) {
                    answer(open.remove());
                }
                largest = Math.max(largest, Files.size(path));
            }
            for (CompletionStage<?> call : open) {
                answer(call);
            }
            assertThat(test.store.facts().records()).isEqualTo(LIVE);
            await().atMost(Duration.ofSeconds(60)).until(() -> Files.size(path) < QUIET_BYTES);
        }
        System.out.println("largest: " + largest + " bytes for " + LIVE + " sessions, closed: " + Files.size(path));
        assertThat(largest).isLessThan(MAX_BYTES);
    }

    private static long takeAny(List<Long> live, Random random) {
        int at = random.nextInt(live.size());
        long id = live.get(at);
        live.set(at, live.get(live.size() - 1));
        live.remove(live.size() - 1);
        return id;
    }
}
