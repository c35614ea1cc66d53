package net.voltlane.server.edge;

import static net.voltlane.server.edge.EdgeClient.VERSION;
import static net.voltlane.server.edge.EdgeClient.frames;
import static net.voltlane.testkit.Bytes.concat;
import static net.voltlane.testkit.Bytes.hex;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import net.voltlane.protocol.Challenge;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.PubKey;
import net.voltlane.server.metrics.Metric;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class HandshakeResumeTest extends HandshakeCase {
    @Test
    void aSessionIsResumedByTheProofAndThePing() {
        EdgeClient owner = harness.openHeard();
        EdgeClient back = owner.again();
        byte[] box = back.challenge();
        assertThat(box).hasSize(72);
        back.send(new ChallengeResponse(back.answerTo(box)));
        assertThat(owner.channel.isOutputShutdown()).as("not before the Ping").isFalse();
        assertThat(harness.count(Metric.SESSIONS_TAKEN_OVER)).isZero();
        assertThat(harness.master.received()).isEmpty();
        back.send(new Ping());
        back.expect(Ping.class);
        assertThat(harness.count(Metric.SESSIONS_TAKEN_OVER)).isOne();
        assertThat(harness.count(Metric.SESSIONS_RESUMED)).isZero();
        assertThat(owner.isClosed()).isTrue();
        assertThat(harness.master.received()).containsExactly(EdgeHarness.Master.reconnected(owner.id));
    }

    @Test
    void aResumeSplitAtEveryByte() {
        EdgeClient owner = harness.openHeard();
        int length = frames(new ChallengeResponse(new byte[72]), new Ping()).length + 8;
        for (int at = 0; at <= length; at++) {
            EdgeClient back = owner.again();
            byte[] first = frames(VERSION, new ClientId(owner.id));
            int firstAt = at % first.length;
            back.send(Arrays.copyOf(first, firstAt));
            back.send(Arrays.copyOfRange(first, firstAt, first.length));
            back.expect(PubKey.class);
            byte[] answer = back.answerTo(back.expect(Challenge.class).box());
            byte[] second = concat(frames(new ChallengeResponse(answer), new Ping()), Frame.of(utf8("data")));
            assertThat(second).hasSize(length);
            back.send(Arrays.copyOf(second, at));
            back.send(Arrays.copyOfRange(second, at, length));
            back.expect(Ping.class);
            assertThat(harness.master.received())
                    .as("split at %d", at)
                    .containsExactly(
                            EdgeHarness.Master.reconnected(owner.id), EdgeHarness.Master.data(owner.id, utf8("data")));
        }
    }

    @Test
    void aClientIdMayBeSentAheadAndWhatFollowsWaits() {
        EdgeClient owner = harness.open();
        EdgeClient back = owner.again();
        harness.computations.hold(1);
        back.send(concat(frames(VERSION, new ClientId(owner.id)), hex("4A0000")));
        assertThat(back.rest()).as("both answers go out together").isEmpty();
        harness.computations.runAll();
        harness.run();
        back.expect(PubKey.class);
        byte[] answer = back.answerTo(back.expect(Challenge.class).box());
        byte[] rest = frames(new ChallengeResponse(answer), new Ping());
        assertThat(Arrays.copyOf(rest, 3)).isEqualTo(hex("4A0000"));
        back.send(Arrays.copyOfRange(rest, 3, rest.length));
        back.expect(Ping.class);
    }

    static Stream<String> wrongAnswers() {
        return Stream.of("reflected", "empty", "short", "39 bytes", "zeros", "flipped", "padded", "other key");
    }

    @ParameterizedTest
    @MethodSource("wrongAnswers")
    void aWrongAnswerClosesTheLinkAndLeavesTheSessionAsItWas(String how) {
        EdgeClient owner = harness.open();
        EdgeClient thief = owner.again();
        byte[] box = thief.challenge();
        byte[] right = thief.answerTo(box);
        byte[] wrong = switch (how) {
            case "reflected" -> box;
            case "empty" -> new byte[0];
            case "short" -> Arrays.copyOf(right, right.length - 1);
            case "39 bytes" -> new byte[39];
            case "zeros" -> new byte[72];
            case "flipped" -> flipped(right);
            case "padded" -> Arrays.copyOf(right, right.length + 1);
            default -> harness.open().sealedByOwnKey();
        };
        refusesTheProof(owner, thief, wrong);
        owner.again().resume();
    }

    private static byte[] flipped(byte[] box) {
        byte[] flipped = box.clone();
        flipped[0] ^= 1;
        return flipped;
    }

    @Test
    void anAnswerToAnotherChallengeIsRefused() {
        EdgeClient owner = harness.open();
        EdgeClient first = owner.again();
        byte[] answer = first.answerTo(first.challenge());
        EdgeClient second = owner.again();
        second.challenge();
        refusesTheProof(owner, second, answer);
    }

    @Test
    void anAnswerThatWasUsedIsRefused() {
        EdgeClient owner = harness.open();
        EdgeClient first = owner.again();
        byte[] answer = first.answerTo(first.challenge());
        first.send(new ChallengeResponse(answer), new Ping());
        first.expect(Ping.class);
        harness.master.received();
        EdgeClient replay = owner.again();
        replay.challenge();
        refusesTheProof(first, replay, answer);
    }

    @Test
    void thereIsOneTry() {
        EdgeClient owner = harness.open();
        EdgeClient thief = owner.again();
        byte[] right = thief.answerTo(thief.challenge());
        refusesTheProof(owner, thief, flipped(right));
        thief.send(new ChallengeResponse(right), new Ping());
        assertThat(thief.rest()).isEmpty();
        assertThat(harness.count(Metric.SESSIONS_TAKEN_OVER)).isZero();
    }

    @Test
    void anUnknownIdIsChallengedLikeAKnownOneAndNoAnswerIsRight() {
        EdgeClient unknown = harness.connect();
        unknown.id = 42;
        byte[] box = unknown.challenge();
        assertThat(box).hasSize(72);
        unknown.send(new ChallengeResponse(box), new Ping());
        assertThat(unknown.isClosed()).isTrue();
        assertThat(unknown.rest()).isEmpty();
        assertThat(harness.count(Metric.REJECTED_PROOF)).isOne();
    }

    private void refusesTheProof(EdgeClient owner, EdgeClient thief, byte[] answer) {
        long before = harness.count(Metric.REJECTED_PROOF);
        thief.send(new ChallengeResponse(answer), new Ping());
        assertThat(thief.isClosed()).isTrue();
        assertThat(thief.rest()).isEmpty();
        assertThat(harness.count(Metric.REJECTED_PROOF)).isEqualTo(before + 1);
        assertThat(harness.master.received()).isEmpty();
        assertThat(owner.channel.isOutputShutdown()).isFalse();
        harness.send(owner.id, utf8("yours"));
        harness.run();
        assertThat(owner.data()).containsExactly(utf8("yours"));
    }

    @Test
    void anAttemptHoldsNoLockOnASession() {
        EdgeClient owner = harness.open();
        EdgeClient slow = owner.again();
        byte[] box = slow.challenge();
        EdgeClient fast = owner.again().resume();
        assertThat(fast.isClosed()).isFalse();
        slow.send(new ChallengeResponse(slow.answerTo(box)), new Ping());
        slow.expect(Ping.class);
        assertThat(fast.isClosed()).as("taken over in its turn").isTrue();
    }

    @Test
    void aSessionThatEndsBetweenProofAndPingIsNotResumed() {
        EdgeClient owner = harness.open();
        EdgeClient back = owner.again();
        back.send(new ChallengeResponse(back.answerTo(back.challenge())));
        harness.sessions.kick(owner.id);
        harness.run();
        back.send(new Ping());
        assertThat(back.isClosed()).isTrue();
        assertThat(back.rest()).isEmpty();
        assertThat(harness.count(Metric.RESUMES_REFUSED)).isOne();
    }
}
