package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.concurrent.RejectedExecutionException;
import net.voltlane.server.store.Claimed;
import net.voltlane.server.store.StoreException;
import org.junit.jupiter.api.Test;

class StoreEventsTest {
    /** A store outlives the loops of its server by a moment. */
    @Test
    void newsAfterTheEndOfTheLoopIsForNobody() {
        StoreEvents events = new StoreEvents(task -> {
            throw new RejectedExecutionException("event executor terminated");
        });
        assertThatCode(() -> {
                    events.claimed(new Claimed(1, 2, "another server"));
                    events.up();
                    events.down(new StoreException("gone"));
                })
                .doesNotThrowAnyException();
    }
}
