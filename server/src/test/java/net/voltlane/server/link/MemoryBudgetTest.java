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
    void itIsSaidOnceUntilSomebodyListensAgain() {
        budget.charge(101);
        budget.charge(50);
        assertThat(exceeded).isOne();
        budget.listen();
        assertThat(exceeded).as("listening by itself says nothing").isOne();
        budget.charge(1);
        assertThat(exceeded).isEqualTo(2);
    }

    @Test
    void whatIsGivenBackNeverExceeds() {
        budget.charge(200);
        budget.listen();
        budget.charge(-1);
        assertThat(exceeded).isOne();
    }

    @Test
    void whatIsOnlyHeldExceedsNothing() {
        budget.hold(1000);
        budget.charge(100);
        assertThat(budget.heldBytes()).isEqualTo(1100);
        assertThat(budget.chargedBytes()).isEqualTo(100);
        assertThat(budget.isExceeded()).isFalse();
        budget.charge(1);
        assertThat(budget.isExceeded()).isTrue();
        assertThat(exceeded).isOne();
        budget.hold(-1000);
        assertThat(budget.heldBytes()).isEqualTo(101);
    }

    @Test
    void aShareCountsUpToItsBound() {
        MemoryShare share = new MemoryShare(() -> true, budget, 60);
        share.charge(50);
        assertThat(budget.chargedBytes()).isEqualTo(50);
        share.charge(30);
        assertThat(budget.chargedBytes()).isEqualTo(60);
        assertThat(budget.heldBytes()).isEqualTo(80);
        share.charge(500);
        assertThat(exceeded).isZero();
        share.charge(-515);
        assertThat(budget.chargedBytes()).isEqualTo(60);
        assertThat(budget.heldBytes()).isEqualTo(65);
        share.charge(-60);
        assertThat(budget.chargedBytes()).isEqualTo(5);
        assertThat(budget.heldBytes()).isEqualTo(5);
    }

    @Test
    void aLowerLimitIsToldWhereItIsPassedAlready() {
        budget.charge(70);
        budget.limit(70);
        assertThat(exceeded).isZero();
        budget.limit(69);
        assertThat(exceeded).isOne();
        budget.listen();
        budget.limit(200);
        budget.charge(100);
        assertThat(exceeded).isOne();
    }

    @Test
    void theBoundOfAShareCanChangeWhileSomethingIsHeld() {
        MemoryShare share = new MemoryShare(() -> true, budget, 60);
        share.charge(80);
        share.bound(20);
        assertThat(budget.chargedBytes()).isEqualTo(20);
        assertThat(budget.heldBytes()).isEqualTo(80);
        share.bound(100);
        assertThat(budget.chargedBytes()).isEqualTo(80);
        share.charge(-80);
        assertThat(budget.chargedBytes()).isZero();
        assertThat(budget.heldBytes()).isZero();
    }
}
