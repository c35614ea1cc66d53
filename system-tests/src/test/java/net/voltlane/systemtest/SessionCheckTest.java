package net.voltlane.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Tests that the check of the other tests notices faults. */
class SessionCheckTest {
    private final SessionCheck session = new SessionCheck(7);

    @Test
    void lettersInOrderAreFine() {
        come(1, 0, 1, 1);
        come(1, 0, 2, 1);
        assertThat(session.lastNumber()).isEqualTo(2);
    }

    @Test
    void aMissingLetterIsNoticed() {
        come(1, 0, 1, 1);
        assertThatThrownBy(() -> come(1, 0, 3, 1)).hasMessageContaining("no link had broken");
    }

    @Test
    void lettersMayMissWhereALinkBrokeAndNowhereElse() {
        come(1, 0, 1, 1);
        session.reconnection(1);
        come(2, 1, 5, 1);
        assertThatThrownBy(() -> come(2, 1, 7, 1)).hasMessageContaining("no link had broken");
    }

    @Test
    void aLinkThatEndedInGoodOrderLosesNothing() {
        come(1, 0, 1, 1);
        session.reconnection(1);
        assertThatThrownBy(() -> come(2, 0, 3, 1)).hasMessageContaining("no link had broken");
    }

    @Test
    void anotherFirehoseExcusesAGapOnce() {
        come(1, 0, 1, 1);
        come(1, 0, 4, 2);
        assertThatThrownBy(() -> come(1, 0, 6, 2)).hasMessageContaining("no link had broken");
    }

    @Test
    void lettersThatComeTwiceOrBackwardsAreNoticed() {
        come(1, 0, 1, 1);
        assertThatThrownBy(() -> come(1, 0, 1, 1)).hasMessageContaining("after number 1");
        session.reconnection(1);
        come(2, 1, 5, 2);
        assertThatThrownBy(() -> come(1, 0, 6, 2)).hasMessageContaining("after one of link 2");
    }

    @Test
    void aNewLinkWithoutReconnectionIsNoticed() {
        come(1, 0, 1, 1);
        assertThatThrownBy(() -> come(2, 0, 2, 1)).hasMessageContaining("without a Reconnection");
    }

    @Test
    void aSessionThatWasSilentOnItsFirstLinkHasNoReconnection() {
        come(2, 0, 1, 1);
        assertThat(session.lastNumber()).isEqualTo(1);
    }

    @Test
    void aReconnectionOfWhatNeverCameIsNoticed() {
        assertThatThrownBy(() -> session.reconnection(1)).hasMessageContaining("before anything else of it");
    }

    @Test
    void aSessionsFirstLetterMayBeLostWithAFirehose() {
        session.reconnection(2);
        come(2, 1, 4, 2);
        assertThat(session.lastNumber()).isEqualTo(4);
    }

    @Test
    void aReconnectionMayBeLostWithAFirehose() {
        come(1, 0, 1, 1);
        come(2, 0, 2, 2);
        assertThatThrownBy(() -> come(3, 0, 3, 2)).hasMessageContaining("without a Reconnection");
    }

    @Test
    void nothingMayComeAfterAnEnd() {
        session.failure("Client kicked");
        assertThat(session.end()).isEqualTo("Client kicked");
        assertThatThrownBy(() -> session.failure("Client disconnected")).hasMessageContaining("and again");
        assertThatThrownBy(() -> come(1, 0, 1, 1)).hasMessageContaining("after its Failure");
        assertThatThrownBy(() -> session.reconnection(1)).hasMessageContaining("after its Failure");
    }

    private void come(int link, int lastBroken, int number, int firehose) {
        session.letter(new Letters.Up(Letters.Wish.NOTHING, link, lastBroken, number), firehose);
    }
}
