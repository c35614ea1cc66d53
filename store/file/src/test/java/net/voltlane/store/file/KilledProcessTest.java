package net.voltlane.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while it writes: everything that was answered is there. */
class KilledProcessTest {
    private static final int KILLS = 10;

    @TempDir
    Path folder;

    @Test
    void nothingThatWasAnsweredIsLost() throws Exception {
        Random random = new Random(Seeds.choose());
        Path path = folder.resolve("sessions");
        TreeSet<Long> ids = new TreeSet<>();
        long next = 1;
        for (int kill = 0; kill < KILLS; kill++) {
            next = kill(path, ids, next, 20 + random.nextInt(300)) + 2;
            try (TestStore test = TestStore.open(path)) {
                for (long id : ids) {
                    assertThat(test.find(id)).as("%d after kill %d", id, kill).isNotNull();
                }
                long inDoubt = test.store.facts().records() - ids.size();
                assertThat(inDoubt).isBetween(0L, 12L * (kill + 1));
            }
        }
    }

    /** Kills it after so many answers, and says what it did last. */
    private static long kill(Path path, Set<Long> ids, long first, int answers) throws Exception {
        Process child = Child.start("write", path.toString(), Long.toString(first));
        long last = first;
        try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
            for (int i = 0; i < answers; i++) {
                last = heard(out.readLine(), ids);
            }
            // Not the process's own method, which closes its output.
            child.toHandle().destroyForcibly();
            // What it said before its end counts as well.
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                last = heard(line, ids);
            }
        } finally {
            child.destroyForcibly();
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        // It may have forgotten two of the last ones without saying so.
        ids.remove(10 * last);
        ids.remove(10 * last + 1);
        return last;
    }

    private static long heard(String line, Set<Long> ids) {
        assertThat(line).matches("(put|forgot) \\d+");
        long id = Long.parseLong(line.substring(line.indexOf(' ') + 1));
        for (long i = 0; i < 10 && line.startsWith("put"); i++) {
            ids.add(10 * id + i);
        }
        if (line.startsWith("forgot")) {
            ids.remove(10 * id);
            ids.remove(10 * id + 1);
        }
        return id;
    }
}
