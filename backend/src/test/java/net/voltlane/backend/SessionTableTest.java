package net.voltlane.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.Test;

class SessionTableTest {

    private final SessionTable table = new SessionTable();
    private final Map<Long, Session> model = new HashMap<>();

    @Test
    void itHoldsWhatAMapWouldHoldWhateverComesAndGoes() {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            for (int step = 0; step < 20_000; step++) {
                long id = random.nextLong(600); // ids from a small range, so that many share a slot
                if (random.nextInt(10) < 6) {
                    add(id);
                } else {
                    remove(id);
                }
                assertThat(table.size()).isEqualTo(model.size());
            }
            for (long id = 0; id < 600; id++) {
                assertThat(table.get(id)).isSameAs(model.get(id));
            }
            List<Session> all = new ArrayList<>();
            table.forEach(all::add);
            assertThat(all).containsExactlyInAnyOrderElementsOf(model.values());
        });
    }

    @Test
    void everyIdIsAnId() {
        for (long id : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 53}) {
            assertThat(table.get(id)).isNull();
            add(id);
            assertThat(table.get(id)).isSameAs(model.get(id));
        }
    }

    @Test
    void removingWhatIsNotThereChangesNothing() {
        add(1);
        table.remove(session(1));
        assertThat(table.get(1)).isSameAs(model.get(1L));
        assertThat(table.size()).isEqualTo(1);
    }

    /** A server that chooses the ids can't know which of them share a slot, as each table has its own hash function. */
    @Test
    void noTwoTablesSpreadIdsInTheSameWay() {
        SessionTable other = new SessionTable();
        for (long id = 0; id < 1_000; id++) {
            add(id << 53);
            other.add(session(id << 53));
        }
        List<Long> order = new ArrayList<>();
        List<Long> otherOrder = new ArrayList<>();
        table.forEach(session -> order.add(session.id()));
        other.forEach(session -> otherOrder.add(session.id()));
        assertThat(order).hasSize(1_000).containsExactlyInAnyOrderElementsOf(otherOrder);
        assertThat(order).isNotEqualTo(otherOrder);
    }

    private void add(long id) {
        if (!model.containsKey(id)) {
            Session session = session(id);
            table.add(session);
            model.put(id, session);
        }
    }

    private void remove(long id) {
        Session session = model.remove(id);
        if (session != null) {
            table.remove(session);
        }
    }

    @SuppressWarnings("NullAway") // neither is used
    private static Session session(long id) {
        return new Session(id, null, null);
    }
}
