package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.voltlane.server.link.Logged;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RoomTest {
    private static final Room.Supply MUCH = supply(Room.Bound.DESCRIPTORS, 1_000_000);

    private final Logged log = new Logged(Room.class);

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void whatIsUsedUpFirstBoundsTheClients() {
        Room.Supply heap = supply(Room.Bound.HEAP, 8_000);

        assertThat(Room.least(List.of(MUCH, heap))).isEqualTo(heap);
        assertThat(Room.of(0, heap))
                .isEqualTo(new Room(7_000, Room.Bound.HEAP, "the supply leaves room for 7000 clients"));
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void aSettingBelowAllElseIsTheBound() {
        assertThat(Room.of(5, MUCH))
                .isEqualTo(new Room(5, Room.Bound.SETTING, "limits.max_clients leaves room for 5 clients"));
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void roomForFewIsAWarning() {
        Room.of(0, supply(Room.Bound.HEAP, 800));

        assertThat(log.lines()).containsExactly("WARN the supply leaves room for 700 clients; to raise it: buy some");
    }

    @ParameterizedTest
    @CsvSource({"700, false", "701, true", "5000, true"})
    void aConfiguredNumberOfClientsSaysHowManyAreMeant(long maxClients, boolean warns) {
        Room.of(maxClients, supply(Room.Bound.HEAP, 800));

        assertThat(log.lines())
                .hasSize(warns ? 1 : 0)
                .allMatch(line -> line.startsWith(
                        "WARN limits.max_clients: " + maxClients + ", but the supply leaves room for 700 clients;"));
    }

    private static Room.Supply supply(Room.Bound bound, int connections) {
        return new Room.Supply(bound, "the supply", connections, "buy some");
    }
}
