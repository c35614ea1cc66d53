package net.voltlane.server.edge;

import static net.voltlane.server.edge.EdgeClient3.VERSION;
import static net.voltlane.testkit.Bytes.concat;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.link3.Ack;
import net.voltlane.protocol.link3.Answer;
import net.voltlane.protocol.link3.Challenge;
import net.voltlane.protocol.link3.Data;
import net.voltlane.protocol.link3.Leave;
import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.protocol.link3.LinkFrame;
import net.voltlane.protocol.link3.Open;
import net.voltlane.protocol.link3.Ping;
import net.voltlane.protocol.link3.Resume;
import net.voltlane.protocol.link3.Resumed;
import net.voltlane.server.guard.GuardLimits;
import net.voltlane.server.guard.ResumeLimits;
import net.voltlane.server.metrics.Metric;
import org.junit.jupiter.api.Test;

/** The second half of version 3's handshake: a client resumes its session. */
final class Version3ResumeTest extends HandshakeCase {
    private static long keys(EdgeHarness of) {
        return of.count(Metric.SESSION_KEYS_AHEAD) + of.count(Metric.SESSION_KEYS_AT_RESUME);
    }

    @Test
    void aSessionIsResumedByTheProofAndTheServerProvesItselfToo() {
        EdgeClient3 owner = EdgeClient3.open(harness);
        owner.send(new Data(utf8("one")), new Data(utf8("two")));
        EdgeClient3 back = owner.again();
        Resume resume = back.resumeFrame(0, 1);
        back.send(VERSION, LinkCodec.frame(resume));
        Challenge challenge = back.expect(Challenge.class);
        assertThat(owner.isClosed()).as("not before the proof").isFalse();
        Answer answer = back.answerTo(resume, challenge);
        back.send(answer);
        Resumed resumed = back.resumed(resume, challenge, answer);
        assertThat(resumed.accepted()).isEqualTo(2);
        assertThat(resumed.parameters().heartbeatSecs()).isEqualTo(20);
        owner.expectClose(CloseCode.TAKEN_OVER);
        assertThat(harness.count(Metric.SESSIONS_TAKEN_OVER)).isOne();
        back.send(new Data(utf8("three")));
        assertThat(harness.master.received()).hasSize(4);
    }

    @Test
    void aResumeSplitAtEveryByte() {
        EdgeClient3 owner = EdgeClient3.open(harness);
        byte[] first = concat(VERSION, LinkCodec.frame(owner.resumeFrame(0, 1)));
        byte[] answer = LinkCodec.frame(new Answer(new byte[32]));
        for (int at = 0; at <= first.length; at++) {
            EdgeClient3 back = owner.again();
            back.send(Arrays.copyOf(first, at));
            back.send(Arrays.copyOfRange(first, at, first.length));
            Challenge challenge = back.expect(Challenge.class);
            Answer right = back.answerTo(back.resumeFrame(0, 1), challenge);
            byte[] second = LinkCodec.frame(right);
            assertThat(second).hasSameSizeAs(answer);
            int secondAt = at % second.length;
            back.send(Arrays.copyOf(second, secondAt));
            back.send(Arrays.copyOfRange(second, secondAt, second.length));
            back.resumed(back.resumeFrame(0, 1), challenge, right);
        }
    }

    @Test
    void allOfResumeIsCoveredByTheProofsAlsoBytesOfALaterVersion() {
        EdgeClient3 owner = EdgeClient3.open(harness);
        EdgeClient3 back = owner.again();
        byte[] resume = concat(LinkCodec.encode(back.resumeFrame(0, 1)), utf8("more"));
        back.send(VERSION, Frame.of(resume));
        Challenge challenge = back.expect(Challenge.class);
        byte[] transcript = net.voltlane.proof.SessionKey.transcript(resume, LinkCodec.encode(challenge));
        back.send(new Answer(back.key().clientProof(transcript)));
        back.expect(Resumed.class);
    }

    @Test
    void challengesAreFreshEachTime() {
        EdgeClient3 owner = EdgeClient3.open(harness);
        EdgeClient3 first = owner.again();
        EdgeClient3 second = owner.again();
        first.send(VERSION, LinkCodec.frame(first.resumeFrame(0, 1)));
        second.send(VERSION, LinkCodec.frame(second.resumeFrame(0, 1)));
        assertThat(first.expect(Challenge.class).nonce())
                .isNotEqualTo(second.expect(Challenge.class).nonce());
    }

    // ---- when the session's key is computed

    @Test
    void theKeyIsComputedAheadWhileNothingElseWaits() {
        EdgeClient3 owner = EdgeClient3.open(harness);
        assertThat(harness.count(Metric.SESSION_KEYS_AHEAD)).isOne();
        owner.again().resume();
        owner.again().resume();
        assertThat(keys(harness)).isOne();
    }

    @Test
    void theKeyIsComputedForTheFirstAnswerAtTheLatestAndNeverAgain() {
        harness.computations.hold(0);
        EdgeClient3 owner = EdgeClient3.open(harness);
        assertThat(harness.count(Metric.SESSION_KEYS_POSTPONED)).isOne();
        harness.computations.hold(1);
        EdgeClient3 back = owner.again();
        Resume resume = back.resumeFrame(0, 1);
        back.send(VERSION, LinkCodec.frame(resume));
        Challenge challenge = back.expect(Challenge.class);
        assertThat(harness.computations.waiting()).as("nothing for a challenge").isZero();
        Answer answer = back.answerTo(resume, challenge);
        back.send(answer);
        assertThat(harness.computations.waiting()).isOne();
        assertThat(back.rest()).isEmpty();
        harness.computations.runAll();
        harness.run();
        back.resumed(resume, challenge, answer);
        assertThat(harness.count(Metric.SESSION_KEYS_AT_RESUME)).isOne();
        owner.again().resume();
        assertThat(keys(harness)).isOne();
    }

    @Test
    void theKeyOfAClientThatHasGoneIsNotComputedAhead() {
        harness.computations.hold(10);
        EdgeClient3 owner = EdgeClient3.open(harness);
        owner.channel.close();
        harness.computations.runAll();
        harness.run();
        assertThat(keys(harness)).as("early enough when it returns").isZero();
        EdgeClient3 back = owner.again();
        back.send(back.challenged(0, 1));
        harness.computations.runAll();
        harness.run();
        back.expect(Resumed.class);
    }

    @Test
    void aClientThatGoesWhileItsKeyIsComputedChangesNothing() {
        harness.computations.hold(0);
        EdgeClient3 owner = EdgeClient3.open(harness);
        harness.computations.hold(10);
        EdgeClient3 back = owner.again();
        back.send(back.challenged(0, 1));
        back.channel.close();
        harness.computations.runAll();
        harness.run();
        assertThat(owner.isClosed()).isFalse();
        assertThat(keys(harness)).as("not wanted any more").isZero();
    }

    @Test
    void anUnknownIdIsChallengedAndCostsNoEllipticCurve() {
        harness.computations.hold(0);
        for (int i = 0; i < 10_000; i++) {
            EdgeClient3 stranger = EdgeClient3.connect(harness, "198.51.100." + i % 250);
            stranger.id = 1L + i;
            stranger.send(VERSION, LinkCodec.frame(stranger.resumeFrame(3, 2)));
            assertThat(stranger.expect(Challenge.class).nonce()).hasSize(32);
            stranger.send(new Answer(new byte[32]));
            stranger.expectClose(CloseCode.NO_SESSION);
            stranger.channel.close();
            harness.forget(stranger.channel);
        }
        assertThat(keys(harness) + harness.count(Metric.SESSION_KEYS_POSTPONED)).isZero();
        assertThat(harness.count(Metric.PROOFS_DEFERRED)).isZero();
        assertThat(harness.count(Metric.REJECTED_NO_SESSION)).isEqualTo(10_000);
    }

    @Test
    void aKeyWithWhichNothingCanBeSharedIsAWrongProofAndIsTriedOnce() {
        EdgeClient3 client = EdgeClient3.connect(harness);
        client.send(VERSION, LinkCodec.frame(new Open(new byte[32], 0, new byte[0])));
        client.adopt();
        for (int i = 0; i < 3; i++) {
            EdgeClient3 back = client.again();
            back.send(VERSION, LinkCodec.frame(back.resumeFrame(0, 1)));
            back.expect(Challenge.class);
            back.send(new Answer(new byte[32]));
            back.expectClose(CloseCode.NO_SESSION);
        }
        assertThat(keys(harness)).isOne();
        assertThat(client.isClosed()).isFalse();
    }

    // ---- wrong proofs

    private void limits(int failuresPerMinute) {
        harness.close();
        harness = new EdgeHarness(GuardLimits.OFF.withResumes(new ResumeLimits(failuresPerMinute, 60)));
    }

    @Test
    void aWrongProofChangesNothingAndCountsAgainstTheAddress() {
        limits(1);
        EdgeClient3 owner = EdgeClient3.open(harness);
        for (int i = 0; i < 2; i++) {
            EdgeClient3 thief = owner.again("198.51.100.1");
            Answer answer = thief.challenged(0, 1);
            answer.proof()[31] ^= 1;
            thief.send(answer);
            thief.expectClose(CloseCode.NO_SESSION);
        }
        assertThat(harness.count(Metric.REJECTED_PROOF)).isEqualTo(2);
        assertThat(harness.count(Metric.ADDRESSES_BANNED)).isOne();
        assertThat(owner.isClosed()).isFalse();
        owner.again().resume();
    }

    @Test
    void unknownIdsCountAgainstNobody() {
        limits(1);
        for (int i = 0; i < 10; i++) {
            EdgeClient3 honest = EdgeClient3.connect(harness);
            honest.id = 77;
            honest.send(VERSION, LinkCodec.frame(honest.resumeFrame(0, 1)));
            honest.expect(Challenge.class);
            honest.send(new Answer(new byte[32]));
            honest.expectClose(CloseCode.NO_SESSION);
        }
        assertThat(harness.count(Metric.ADDRESSES_BANNED)).isZero();
    }

    @Test
    void anAddressThatIsBannedWhileItsKeyWouldBeComputedIsToldWhenToTryAgain() {
        limits(1);
        harness.computations.hold(0);
        EdgeClient3 owner = EdgeClient3.open(harness);
        harness.computations.hold(100);
        EdgeClient3 thief = owner.again("198.51.100.1");
        Answer late = thief.challenged(0, 1);
        for (int i = 0; i < 2; i++) {
            EdgeClient3 other = owner.again("198.51.100.1");
            other.challenged(0, 1);
            other.send(new Answer(new byte[32]));
            harness.computations.runAll();
            harness.run();
            other.expectClose(CloseCode.NO_SESSION);
        }
        EdgeClient3 next = EdgeClient3.connect(harness, "198.51.100.1");
        next.expectBareClose();
        thief.send(late);
        assertThat(thief.expectClose(CloseCode.BUSY).retryAfterMillis()).isEqualTo(60_000);
        assertThat(harness.count(Metric.REFUSED_BANNED)).isEqualTo(2);
    }

    @Test
    void anAnswerToAnotherChallengeIsWrong() {
        EdgeClient3 owner = EdgeClient3.open(harness);
        Answer recorded = owner.again().challenged(0, 1);
        EdgeClient3 replay = owner.again();
        replay.challenged(0, 1);
        replay.send(recorded);
        replay.expectClose(CloseCode.NO_SESSION);
    }

    @Test
    void aReplayedAnswerIsAViolationOnItsOwnLink() {
        EdgeClient3 owner = EdgeClient3.open(harness);
        EdgeClient3 back = owner.again();
        Answer answer = back.challenged(0, 1);
        back.send(answer);
        back.expect(Resumed.class);
        back.send(answer);
        back.expectClose(CloseCode.VIOLATION);
        assertThat(harness.count(Metric.ended(Reason.PROTOCOL_VIOLATION))).isOne();
    }

    // ---- attempts that are overtaken

    @Test
    void aDelayedAnswerDoesNotUndoANewerResume() {
        EdgeClient3 owner = EdgeClient3.open(harness);
        EdgeClient3 delayed = owner.again();
        Answer late = delayed.challenged(0, 1);
        EdgeClient3 newer = owner.again().resume();
        owner.expectClose(CloseCode.TAKEN_OVER);
        delayed.send(late);
        delayed.expectClose(CloseCode.TAKEN_OVER);
        assertThat(newer.isClosed()).isFalse();
        newer.send(new Data(utf8("still here")));
        assertThat(harness.master.dataOf(owner.id)).containsExactly(utf8("still here"));
        assertThat(harness.count(Metric.RESUMES_OVERTAKEN)).isOne();
        assertThat(harness.count(Metric.SESSIONS_TAKEN_OVER)).isOne();
    }

    @Test
    void ofTwoThatAreChallengedTheFirstThatAnswersWins() {
        EdgeClient3 owner = EdgeClient3.open(harness);
        owner.channel.close();
        harness.run();
        EdgeClient3 a = owner.again();
        EdgeClient3 b = owner.again();
        Answer ofA = a.challenged(0, 1);
        Answer ofB = b.challenged(0, 1);
        a.channel.receives(LinkCodec.frame(ofA));
        b.channel.receives(LinkCodec.frame(ofB));
        harness.run();
        a.expect(Resumed.class);
        b.expectClose(CloseCode.TAKEN_OVER);
        owner.again().resume();
        a.expectClose(CloseCode.TAKEN_OVER);
    }

    @Test
    void anAttemptThatMetALimitOutdatesNoOther() {
        EdgeClient3 owner = EdgeClient3.open(harness);
        EdgeClient3 wrong = owner.again();
        EdgeClient3 right = owner.again();
        wrong.challenged(0, 1);
        Answer answer = right.challenged(0, 1);
        wrong.send(new Answer(new byte[32]));
        right.send(answer);
        right.expect(Resumed.class);
    }

    // ---- sessions that are over, or of another version

    @Test
    void aSessionThatEndsBetweenChallengeAndAnswerIsNoSession() {
        EdgeClient3 owner = EdgeClient3.open(harness);
        EdgeClient3 back = owner.again();
        Answer answer = back.challenged(0, 1);
        owner.send(new Leave());
        back.send(answer);
        back.expectClose(CloseCode.NO_SESSION);
        assertThat(harness.count(Metric.RESUMES_REFUSED)).isOne();
    }

    @Test
    void theIdOfAnotherVersionIsUnknown() {
        EdgeClient older = harness.open();
        EdgeClient3 client = EdgeClient3.connect(harness);
        client.id = older.id;
        client.send(VERSION, LinkCodec.frame(client.resumeFrame(0, 1)));
        client.expect(Challenge.class);
        client.send(new Answer(new byte[32]));
        client.expectClose(CloseCode.NO_SESSION);
        assertThat(harness.count(Metric.REJECTED_NO_SESSION)).isOne();
        older.again().resume();
        EdgeClient stranger = harness.connect();
        stranger.id = EdgeClient3.open(harness).id;
        byte[] box = stranger.challenge();
        assertThat(box).as("challenged like any").hasSize(72);
    }

    @Test
    void aStaleSessionIsResumedAndTheLostLinkHearsNothing() {
        EdgeClient3 owner = EdgeClient3.open(harness);
        owner.channel.close();
        harness.run();
        harness.advance(Duration.ofMinutes(4));
        owner.again().resume();
        assertThat(harness.count(Metric.SESSIONS_RESUMED)).isOne();
        assertThat(owner.rest()).isEmpty();
    }

    @Test
    void countsThatDoNotFitEndTheSession() {
        long[][] counts = {{4, 1}, {1, 1}, {2, 0}, {2, 3}};
        for (long[] receivedAndKept : counts) {
            EdgeClient3 owner = EdgeClient3.open(harness);
            owner.send(new Data(utf8("one")));
            for (int i = 0; i < 3; i++) {
                harness.send(owner.id, utf8("down"));
            }
            harness.run();
            owner.send(new Ack(2));
            EdgeClient3 back = owner.again();
            back.send(back.challenged(receivedAndKept[0], receivedAndKept[1]));
            back.expectClose(CloseCode.GAP);
        }
        assertThat(harness.count(Metric.ended(Reason.GAP))).isEqualTo(counts.length);
        EdgeClient3 owner = EdgeClient3.open(harness);
        owner.send(new Data(utf8("one")));
        owner.again().resume(0, 2);
    }

    // ---- frames in the wrong place

    @Test
    void framesBetweenResumeAndAnswerAreViolationsOfThatLinkAlone() {
        EdgeClient3 owner = EdgeClient3.open(harness);
        LinkFrame[] frames = {
            new Data(utf8("too early")),
            new Ack(0),
            new Ping(new byte[0]),
            new Leave(),
            owner.openFrame(),
            owner.resumeFrame(0, 1)
        };
        for (LinkFrame frame : frames) {
            EdgeClient3 back = owner.again();
            back.challenged(0, 1);
            back.send(frame);
            back.expectClose(CloseCode.VIOLATION);
        }
        assertThat(harness.count(Metric.REJECTED_UNEXPECTED)).isEqualTo(frames.length);
        assertThat(owner.isClosed()).isFalse();
    }

    @Test
    void anAnswerBeforeResumeIsAViolation() {
        EdgeClient3 client = EdgeClient3.connect(harness);
        client.send(VERSION, LinkCodec.frame(new Answer(new byte[32])));
        client.expectClose(CloseCode.VIOLATION);
    }

    @Test
    void dataBehindAnAnswerIsAViolationSinceNobodyKnowsItsNumber() {
        EdgeClient3 owner = EdgeClient3.open(harness);
        EdgeClient3 back = owner.again();
        Answer answer = back.challenged(0, 1);
        back.send(answer, new Ping(new byte[0]), new Data(utf8("which one?")));
        back.expectClose(CloseCode.VIOLATION);
        assertThat(harness.master.received()).isEmpty();
    }

    @Test
    void aPingBehindAnAnswerIsAnsweredOnceTheSessionIsResumed() {
        EdgeClient3 owner = EdgeClient3.open(harness);
        EdgeClient3 back = owner.again();
        Answer answer = back.challenged(0, 1);
        back.send(answer, new Ping(utf8("early")));
        back.expect(Resumed.class);
        assertThat(back.next()).isNotNull();
        assertThat(back.isClosed()).isFalse();
    }

    @Test
    void aResumeWithCountsBeyondAllIsAViolation() {
        EdgeClient3 owner = EdgeClient3.open(harness);
        byte[] resume = LinkCodec.encode(owner.resumeFrame(0, 1));
        resume[15] = 0x20; // received: 2^53
        EdgeClient3 back = owner.again();
        back.send(VERSION, Frame.of(resume));
        back.expectClose(CloseCode.VIOLATION);
    }
}
