package net.voltlane.server.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GateTest {
    private boolean isOwners = true;
    private final Gate gate = new Gate(() -> isOwners);
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

    @Test
    void onlyItsOwnerMovesIt() {
        isOwners = false;
        assertThatThrownBy(gate::shut).isInstanceOf(AssertionError.class);
        assertThatThrownBy(gate::open).isInstanceOf(AssertionError.class);
        assertThat(gate.isShut()).as("any thread may look").isFalse();
    }
}
