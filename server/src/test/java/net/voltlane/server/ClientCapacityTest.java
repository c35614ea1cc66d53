package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.voltlane.server.link.Logged;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClientCapacityTest {
    private static final ClientCapacity.Supply MUCH = supply(ClientCapacity.Bound.DESCRIPTORS, 1_000_000);

    private final Logged log = new Logged(ClientCapacity.class);

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void whatIsUsedUpFirstBoundsTheClients() {
        ClientCapacity.Supply heap = supply(ClientCapacity.Bound.HEAP, 8_000);

        assertThat(ClientCapacity.least(List.of(MUCH, heap))).isEqualTo(heap);
        assertThat(ClientCapacity.of(0, heap))
                .isEqualTo(new ClientCapacity(
                        7_000, ClientCapacity.Bound.HEAP, "the supply leaves room for 7000 clients"));
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void aSettingBelowAllElseIsTheBound() {
        assertThat(ClientCapacity.of(5, MUCH))
                .isEqualTo(new ClientCapacity(
                        5, ClientCapacity.Bound.SETTING, "limits.max_clients leaves room for 5 clients"));
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void roomForFewIsAWarning() {
        ClientCapacity.of(0, supply(ClientCapacity.Bound.HEAP, 800));

        assertThat(log.lines()).containsExactly("WARN the supply leaves room for 700 clients; to raise it: buy some");
    }

    @ParameterizedTest
    @CsvSource({"700, false", "701, true", "5000, true"})
    void aConfiguredNumberOfClientsSaysHowManyAreMeant(long maxClients, boolean warns) {
        ClientCapacity.of(maxClients, supply(ClientCapacity.Bound.HEAP, 800));

        assertThat(log.lines())
                .hasSize(warns ? 1 : 0)
                .allMatch(line -> line.startsWith(
                        "WARN limits.max_clients: " + maxClients + ", but the supply leaves room for 700 clients;"));
    }

    private static ClientCapacity.Supply supply(ClientCapacity.Bound bound, int connections) {
        return new ClientCapacity.Supply(bound, "the supply", connections, "buy some");
    }
}
