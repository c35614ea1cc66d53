package net.voltlane.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MessageTest {

    private static final Message MESSAGE = new Message(Message.Kind.NEWS, 258, 3, 4);

    @Test
    void itIsReadBackAsItWasWritten() {
        assertThat(MESSAGE.encode(0)).containsExactly(2, 0, 0, 1, 2, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 4);
        assertThat(Message.decode(MESSAGE.encode(0))).isEqualTo(MESSAGE);
        assertThat(Message.decode(MESSAGE.encode(500))).isEqualTo(MESSAGE);
    }

    @Test
    void everyDamageToTheFillerIsNoticed() {
        byte[] bytes = MESSAGE.encode(50);
        for (int i = 17; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 1;

            assertThat(Message.decode(damaged)).isNull();
        }
    }

    @Test
    void whatIsNoMessageIsNotTakenForOne() {
        byte[] otherKind = MESSAGE.encode(0);
        otherKind[0] = 3;

        assertThat(Message.decode(new byte[0])).isNull();
        assertThat(Message.decode(Arrays.copyOf(MESSAGE.encode(0), 16))).isNull();
        assertThat(Message.decode(otherKind)).isNull();
    }

    @Test
    void fillersOfTwoClientsAndOfTwoMessagesDiffer() {
        byte[] filler = tail(MESSAGE);

        assertThat(tail(new Message(Message.Kind.NEWS, 259, 3, 4))).isNotEqualTo(filler);
        assertThat(tail(new Message(Message.Kind.NEWS, 258, 4, 4))).isNotEqualTo(filler);
    }

    private static byte[] tail(Message message) {
        byte[] bytes = message.encode(20);
        return Arrays.copyOfRange(bytes, 17, bytes.length);
    }
}
