package net.voltlane.server.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GateTest {
    private final Gate gate = new Gate();
    private final List<String> opened = new ArrayList<>();

    @Test
    void aNewGateIsOpen() {
        assertThat(gate.isShut()).isFalse();
    }

    @Test
    void openingTellsEverybodyWhoThenFindsItOpen() {
        gate.onOpen(() -> opened.add("one " + gate.isShut()));
        gate.onOpen(() -> opened.add("two " + gate.isShut()));
        gate.shut();
        assertThat(gate.isShut()).isTrue();
        assertThat(opened).isEmpty();
        gate.open();
        assertThat(gate.isShut()).isFalse();
        assertThat(opened).containsExactly("one false", "two false");
    }
}
