package net.voltlane.store.file;

import static net.voltlane.store.file.TestStore.record;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import net.voltlane.server.store.StoreException;
import net.voltlane.server.store.StoredRecord;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests of what is left in the file when the server is killed, or the machine loses its power, at any moment. */
class CutOffTest {
    private static final int CALLS = 800;
    private static final int CUTS = 30;
    /** H2 takes its time to find out what is torn. */
    private static final int TORN_CUTS = 8;

    private final long seed = Seeds.choose();
    private final Random random = new Random(seed);
    /** After each answer: the changes of the file until then, and the ids that are in the store. */
    private final List<Answered> answered = new ArrayList<>();

    private Disk disk;

    @TempDir
    Path folder;

    @BeforeEach
    void runsAWhile() throws Exception {
        Path work = Files.createDirectory(folder.resolve("work"));
        try (Disk disk = new Disk(work)) {
            this.disk = disk;
            TestStore test = TestStore.open(work.resolve("sessions"), () -> 1_000_000, Disk.prefix());
            TreeSet<Long> ids = new TreeSet<>();
            answered.add(new Answered(disk.changes(), new TreeSet<>()));
            for (int call = 0; call < CALLS; call++) {
                if (ids.size() > 300 || (!ids.isEmpty() && random.nextInt(3) == 0)) {
                    forgetSome(test, ids);
                } else {
                    putSome(test, ids);
                }
                answered.add(new Answered(disk.changes(), new TreeSet<>(ids)));
            }
            test.close();
        }
    }

    @Test
    void aKillTakesNothingThatWasAnswered() throws Exception {
        for (int cut = 0; cut < CUTS; cut++) {
            int whole = random.nextInt(disk.changes());
            Path file = folder.resolve("killed-" + cut);
            disk.afterKill(whole, random.nextDouble(), file);
            int calls = answeredBefore(whole);
            check(file, calls, calls, "kill after change " + whole);
        }
    }

    @Test
    void aPowerCutTakesNothingThatWasSynced() throws Exception {
        for (int cut = 0; cut < CUTS; cut++) {
            int whole = random.nextInt(disk.changes());
            Path file = folder.resolve("cut-" + cut);
            disk.afterPowerCut(whole, random, false, file);
            check(
                    file,
                    answeredBefore(disk.syncedBefore(whole)),
                    answeredBefore(whole),
                    "power cut after change " + whole);
        }
    }

    @Test
    void aWriteOfWhichThePowerCutLeftPartsIsNeverTakenForWhole() throws Exception {
        for (int cut = 0; cut < TORN_CUTS; cut++) {
            int whole = random.nextInt(disk.changes());
            Path file = folder.resolve("torn-" + cut);
            disk.afterPowerCut(whole, random, true, file);
            try {
                check(
                        file,
                        answeredBefore(disk.syncedBefore(whole)),
                        answeredBefore(whole),
                        "torn after change " + whole);
            } catch (StoreException e) {
                assertThat(e).hasMessageContaining("this one is damaged");
            }
        }
    }

    private int answeredBefore(int changes) {
        int calls = 0;
        while (calls + 1 < answered.size() && answered.get(calls + 1).changes() <= changes) {
            calls++;
        }
        return calls;
    }

    /** The store must be as after one of the calls {@code from} to {@code to}, or the one behind, which was under way. */
    private void check(Path file, int from, int to, String when) throws Exception {
        int behind = Math.min(to + 1, answered.size() - 1);
        TreeSet<Long> found = new TreeSet<>();
        try (TestStore test = TestStore.open(file)) {
            TreeSet<Long> any = new TreeSet<>();
            answered.subList(from, behind + 1).forEach(state -> any.addAll(state.ids()));
            for (long id : any) {
                StoredRecord record = test.find(id);
                if (record != null) {
                    assertThat(record.sealed())
                            .as(when)
                            .isEqualTo(record(id, 1, record.owner(), length(id)).sealed());
                    found.add(id);
                }
            }
            assertThat(test.store.facts().records()).as(when).isEqualTo(found.size());
        }
        assertThat(answered.subList(from, behind + 1))
                .as("%s, seed %d", when, seed)
                .anyMatch(state -> state.ids().equals(found));
        Files.delete(file);
    }

    private void putSome(TestStore test, NavigableSet<Long> ids) throws Exception {
        List<StoredRecord> records = new ArrayList<>();
        for (int i = random.nextInt(8); i >= 0; i--) {
            long id = 1L + random.nextInt(1_000_000);
            ids.add(id);
            records.add(record(id, 1, TestStore.OWNER, length(id)));
        }
        assertThat(test.put(records.toArray(new StoredRecord[0]))).isEmpty();
    }

    private void forgetSome(TestStore test, NavigableSet<Long> ids) throws Exception {
        List<Long> some = new ArrayList<>();
        for (int i = random.nextInt(16); i >= 0 && !ids.isEmpty(); i--) {
            Long id = ids.ceiling((long) random.nextInt(1_000_000));
            id = id == null ? ids.first() : id;
            ids.remove(id);
            some.add(id);
        }
        test.forget(some.stream().mapToLong(Long::longValue).toArray());
    }

    private static int length(long id) {
        return 1 + (int) (id % 700);
    }

    private record Answered(int changes, TreeSet<Long> ids) {}
}
