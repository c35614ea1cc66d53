package net.voltlane.server.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.Test;

final class DeadlinesTest {
    private static final Duration AFTER = Duration.ofSeconds(10);

    private final ManualClock clock = new ManualClock(); // wraps in a second, as nanoTime may
    private final List<String> due = new ArrayList<>();
    private final Deadlines<String> deadlines = new Deadlines<>(AFTER.toNanos(), due::add);

    private Deadlines<String>.Entry add(String item) {
        return deadlines.add(clock.getAsLong(), item);
    }

    private void advance(Duration by) {
        clock.advance(by);
        deadlines.run(clock.getAsLong());
    }

    @Test
    void anItemIsDueOnceAndJustAfterItsTime() {
        add("a");
        advance(AFTER.minusNanos(1));
        assertThat(due).isEmpty();
        advance(Duration.ofNanos(1));
        assertThat(due).containsExactly("a");
        advance(AFTER);
        assertThat(due).containsExactly("a");
        assertThat(deadlines.items()).isEmpty();
    }

    @Test
    void itemsAreDueInTheOrderInWhichTheyWereAdded() {
        add("a");
        advance(Duration.ofSeconds(4));
        add("b");
        add("c");
        advance(Duration.ofSeconds(6));
        assertThat(due).containsExactly("a");
        advance(Duration.ofSeconds(4));
        assertThat(due).containsExactly("a", "b", "c");
    }

    @Test
    void cancelledItemsAreNeverDueWhereverTheyStand() {
        Deadlines<String>.Entry first = add("first");
        add("b");
        Deadlines<String>.Entry middle = add("middle");
        add("d");
        Deadlines<String>.Entry last = add("last");
        middle.cancel();
        first.cancel();
        last.cancel();
        last.cancel();
        middle.cancel();
        add("f");
        assertThat(deadlines.items()).containsExactly("b", "d", "f");
        advance(AFTER);
        assertThat(due).containsExactly("b", "d", "f");
    }

    @Test
    void aSuccessorIsDueWhenTheOneBeforeItWas() {
        Deadlines<String>.Entry entry = add("a");
        advance(Duration.ofSeconds(4));
        add("b");
        entry.passTo("successor");
        assertThat(deadlines.items()).containsExactly("successor", "b");
        advance(Duration.ofSeconds(6));
        assertThat(due).containsExactly("successor");
    }

    @Test
    void theOnlyOneCanBeCancelledAndTheListGoesOn() {
        add("a").cancel();
        assertThat(deadlines.items()).isEmpty();
        add("b");
        advance(AFTER);
        assertThat(due).containsExactly("b");
    }

    @Test
    void whatIsDueMayCancelOthersAndAddNewOnes() {
        List<Deadlines<String>.Entry> entries = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        List<Deadlines<String>> self = new ArrayList<>();
        self.add(new Deadlines<>(AFTER.toNanos(), item -> {
            seen.add(item);
            if (item.equals("a")) {
                entries.get(1).cancel();
                self.get(0).add(clock.getAsLong(), "again");
            }
        }));
        for (String item : List.of("a", "b", "c")) {
            entries.add(self.get(0).add(clock.getAsLong(), item));
        }
        clock.advance(AFTER);
        self.get(0).run(clock.getAsLong());
        assertThat(seen).containsExactly("a", "c");
        clock.advance(AFTER);
        self.get(0).run(clock.getAsLong());
        assertThat(seen).containsExactly("a", "c", "again");
    }

    @Test
    void aShorterTimeBringsItemsForwardAndALongerOneLeavesThem() {
        add("a");
        advance(Duration.ofSeconds(6));
        add("b");
        deadlines.after(Duration.ofSeconds(5).toNanos(), clock.getAsLong());
        add("c");
        advance(Duration.ofSeconds(4));
        assertThat(due).as("as it was before").containsExactly("a");
        advance(Duration.ofSeconds(1));
        assertThat(due).containsExactly("a", "b", "c");
        add("d");
        deadlines.after(AFTER.toNanos(), clock.getAsLong());
        add("e");
        advance(Duration.ofSeconds(5));
        assertThat(due).containsExactly("a", "b", "c", "d");
        advance(Duration.ofSeconds(5));
        assertThat(due).containsExactly("a", "b", "c", "d", "e");
    }
}
