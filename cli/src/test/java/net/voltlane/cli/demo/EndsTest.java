package net.voltlane.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Both ends of the demo, told wrong things: a demo that can't fail shows nothing. */
class EndsTest {

    private static final int NUMBER = 1;
    private static final long SESSION = 77;

    private final Tally tally = new Tally();
    private final List<Talk> talks = List.of(new Talk(), new Talk());
    private final Talk talk = talks.get(NUMBER);
    private final DemoBackend backend = new DemoBackend(talks, tally);
    private final DemoClient client = new DemoClient(NUMBER, talk, tally, new SplittableRandom(1), 1);
    private final List<byte[]> sent = new ArrayList<>();

    EndsTest() {
        talk.sessionId = SESSION;
        talks.get(0).sessionId = SESSION + 1;
    }

    private static byte[] said(int number) {
        return new Message(Message.Kind.SAID, NUMBER, number, 1).encode(10);
    }

    private static byte[] answer(int number) {
        return new Message(Message.Kind.ANSWER, NUMBER, number, 1).encode(10);
    }

    private static byte[] news(int number) {
        return new Message(Message.Kind.NEWS, NUMBER, number, 1).encode(10);
    }

    private void toBackend(long session, byte[] packet) {
        backend.received(session, packet, sent::add);
    }

    // ---- the backend's end

    @Test
    void theBackendAnswersEachMessageUnderItsNumber() {
        for (int i = 0; i < 20; i++) {
            toBackend(SESSION, said(i));
        }

        assertThat(tally.takenByBackend.sum()).isEqualTo(20);
        assertThat(tally.sentByBackend.sum()).isEqualTo(sent.size());
        assertThat(sent).extracting(Message::decode).doesNotContainNull();
        assertThat(sent.stream()
                        .map(Message::decode)
                        .filter(message -> message != null && message.kind() == Message.Kind.ANSWER)
                        .map(Message::number))
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
        assertThat(sent).as("answers, and news of its own").hasSizeGreaterThan(20);
        assertThat(tally.twice.sum() + tally.mixedUp.sum()).isZero();
    }

    @Test
    void aMessageThatComesToTheBackendTwiceIsCountedAndNotAnswered() {
        toBackend(SESSION, said(0));
        int before = sent.size();
        toBackend(SESSION, said(0));

        assertThat(tally.twice.sum()).isEqualTo(1);
        assertThat(tally.takenByBackend.sum()).isEqualTo(1);
        assertThat(sent).hasSize(before);
    }

    @Test
    void aMessageThatIsLeftOutIsLost() {
        tally.sentByClients.add(2);
        toBackend(SESSION, said(1));
        sent.forEach(packet -> tally.takenByClients.increment());

        assertThat(tally.lost()).isEqualTo(1);
        assertThat(tally.mixedUp.sum()).isEqualTo(1);
        assertThat(tally.isPerfect(0)).isFalse();
    }

    @Test
    void whatComesUnderAnotherSessionOrAsSomethingElseIsMixedUp() {
        toBackend(SESSION + 1, said(0));
        toBackend(SESSION, answer(0));
        toBackend(SESSION, new byte[5]);
        toBackend(SESSION, new Message(Message.Kind.SAID, 2, 0, 1).encode(0));
        toBackend(SESSION, new Message(Message.Kind.SAID, -1, 0, 1).encode(0));

        assertThat(tally.mixedUp.sum()).isEqualTo(5);
        assertThat(sent).isEmpty();
    }

    // ---- the client's end

    @Test
    void answersAndNewsAreRowsOfTheirOwn() {
        client.received(news(0));
        client.received(answer(0));
        client.received(answer(1));
        client.received(news(1));

        assertThat(tally.takenByClients.sum()).isEqualTo(4);
        assertThat(tally.twice.sum() + tally.mixedUp.sum()).isZero();
        assertThat(tally.latencyNanos(1)).isPositive();
    }

    @Test
    void aMessageThatComesToAClientTwiceIsCounted() {
        client.received(answer(0));
        client.received(answer(0));
        client.received(news(0));
        client.received(news(0));

        assertThat(tally.twice.sum()).isEqualTo(2);
        assertThat(tally.takenByClients.sum()).isEqualTo(2);
    }

    @Test
    void aMessageThatIsNotForThisClientIsMixedUp() {
        client.received(new Message(Message.Kind.ANSWER, 0, 0, 1).encode(3));
        client.received(said(0));
        byte[] damaged = answer(0);
        damaged[damaged.length - 1]++;
        client.received(damaged);
        client.received(news(1));

        assertThat(tally.mixedUp.sum()).isEqualTo(4);
    }

    @Test
    void aTalkIsSettledWhenTheLastMessagesHaveCome() {
        assertThat(talk.isSettled()).isTrue();
        int number = talk.said.send();
        assertThat(talk.isSettled()).isFalse();
        toBackend(SESSION, said(number));
        assertThat(talk.isSettled()).isFalse();

        sent.forEach(client::received);

        assertThat(talk.isSettled()).isTrue();
    }
}
