package net.voltlane.server.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MemoryBudgetTest {
    private final MemoryBudget budget = new MemoryBudget(100);
    private int exceeded;

    MemoryBudgetTest() {
        budget.onExceeded(() -> exceeded++);
    }

    @Test
    void chargesAddUp() {
        budget.charge(70);
        budget.charge(0);
        budget.charge(-30);
        assertThat(budget.heldBytes()).isEqualTo(40);
        assertThat(budget.limitBytes()).isEqualTo(100);
        assertThat(exceeded).isZero();
    }

    @Test
    void theLimitItselfMayBeReached() {
        budget.charge(100);
        assertThat(exceeded).isZero();
        budget.charge(1);
        assertThat(exceeded).isOne();
    }

    @Test
    void itIsSaidOnceUntilSomethingWasShed() {
        budget.charge(101);
        budget.charge(50);
        assertThat(exceeded).isOne();
        budget.shed();
        assertThat(exceeded).as("shedding by itself says nothing").isOne();
        budget.charge(1);
        assertThat(exceeded).isEqualTo(2);
    }

    @Test
    void whatIsGivenBackNeverExceeds() {
        budget.charge(200);
        budget.shed();
        budget.charge(-1);
        assertThat(exceeded).isOne();
    }
}
