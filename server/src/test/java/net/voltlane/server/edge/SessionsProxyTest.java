package net.voltlane.server.edge;

import static net.voltlane.server.link.Bufs.buf;
import static net.voltlane.server.link.Bufs.payload;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.PubKey;
import net.voltlane.protocol.Reason;
import net.voltlane.server.edge.EdgeHarness.Master;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.Version2;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The way to the sessions, call by call: each call arrives on the session loop, behind the data that was put on the queue
 * before it, and each answer arrives on the link's own loop.
 */
@ExtendWith(LeakCheck.class)
final class SessionsProxyTest {
    private final EdgeHarness harness = new EdgeHarness();
    private final EdgeClient client = harness.openHeard();
    private final ClientLink link = client.channel.pipeline().get(ClientLink.class);
    private final SessionsProxy proxy = link.context.sessions();
    private final PacketTagger tagger = link.context.queues().tagger;

    @AfterEach
    void close() {
        harness.close();
    }

    /** Puts a packet of the client on the queue to the session loop. */
    private void data(int number) {
        ByteBuf in = buf(payload(number, 10));
        tagger.packet(client.id, in, 0, 10);
        in.release();
    }

    /** Ends the tick of the client loop, and lets the session loop take what came. */
    private void crossOver() {
        harness.clientLoop.run();
        harness.sessionLoop.run();
    }

    // ---- order

    @Test
    void aCallDoesNothingUntilTheSessionLoopRuns() {
        proxy.lost(link);
        assertThat(harness.sessions.staleSize()).isZero();
        harness.clientLoop.run();
        assertThat(harness.count(Metric.LINKS_LOST)).isZero();
        harness.sessionLoop.run();
        assertThat(harness.count(Metric.LINKS_LOST)).isOne();
    }

    @Test
    void aCallArrivesBehindTheDataThatWasPutInBeforeIt() {
        data(1);
        proxy.violated(link, Reason.FRAME_TOO_LARGE);
        data(2);
        crossOver();
        harness.run(); // the session answers when its link is detached
        assertThat(harness.master.received())
                .containsExactly(
                        Master.data(client.id, payload(1, 10)),
                        Master.data(client.id, payload(2, 10)),
                        Master.failed(client.id, Reason.FRAME_TOO_LARGE));
    }

    @Test
    void theFirstPacketOfALinkIsToldBeforeThePacketItself() {
        EdgeClient other = harness.open();
        ClientLink link2 = other.channel.pipeline().get(ClientLink.class);
        proxy.firstPacket(link2);
        data(1);
        crossOver();
        assertThat(harness.master.dataOf(client.id)).hasSize(1);
        List<Long> announced = new ArrayList<>();
        harness.sessions.announce(Long.MAX_VALUE, announced::add);
        assertThat(announced).containsExactlyInAnyOrder(client.id, other.id);
    }

    @Test
    void aLinksLastWordComesBehindItsLastData() {
        proxy.lost(link);
        harness.clientLoop.run();
        harness.sessionLoop.run(); // the session asks for the link to be detached
        data(1);
        harness.clientLoop.run(); // the link answers
        assertThat(harness.sessions.staleSize()).isZero();
        harness.sessionLoop.run();
        assertThat(harness.sessions.staleSize()).isOne();
        assertThat(harness.master.dataOf(client.id)).hasSize(1);
    }

    // ---- calls and answers

    @Test
    void anOpenedSessionAnswersOnTheLinksLoop() {
        EdgeClient newcomer = harness.connect();
        newcomer.channel.receives(EdgeClient.frames(EdgeClient.VERSION, new PubKey(newcomer.keys.publicKey())));
        while (harness.sessions.size() == 1) {
            harness.clientLoop.run();
            harness.sessionLoop.run();
        }
        ClientLink its = newcomer.channel.pipeline().get(ClientLink.class);
        assertThat(its.isLive())
                .as("its session is there, the answer is under way")
                .isFalse();
        harness.clientLoop.run();
        assertThat(its.isLive()).isTrue();
    }

    @Test
    void theKeyOfASessionIsAnsweredOnTheLinksLoop() {
        List<byte[]> answers = new ArrayList<>();
        proxy.find(client.id, Version2.PROTOCOL, token -> {
            assertThat(harness.sessionLoop.inEventLoop()).isFalse();
            answers.add(token == null ? null : token.clientKey());
        });
        proxy.find(client.id + 1, Version2.PROTOCOL, token -> {
            assertThat(harness.sessionLoop.inEventLoop()).isFalse();
            answers.add(token == null ? null : token.clientKey());
        });
        crossOver();
        assertThat(answers).isEmpty();
        harness.clientLoop.run();
        assertThat(answers).containsExactly(client.keys.publicKey(), null);
    }

    @Test
    void askingForAKeyChangesNothing() {
        proxy.find(client.id, Version2.PROTOCOL, token -> {});
        harness.run();
        data(1);
        crossOver();
        assertThat(harness.master.dataOf(client.id)).hasSize(1);
        assertThat(link.isLive()).isTrue();
    }

    @Test
    void aResumeIsDecidedOnTheSessionLoopAndAnsweredOnTheLinks() {
        client.channel.close();
        harness.run();
        EdgeClient back = client.again();
        byte[] answer = back.answerTo(back.challenge());
        back.channel.receives(EdgeClient.frames(new ChallengeResponse(answer), new Ping()));
        harness.clientLoop.run();
        assertThat(harness.master.received()).isEmpty();
        harness.sessionLoop.run();
        assertThat(harness.master.received()).containsExactly(Master.reconnected(client.id));
        assertThat(back.rest()).isEmpty();
        harness.clientLoop.run();
        back.expect(Ping.class);
    }

    @Test
    void aResumeThatComesTooLateIsRefusedOnTheLinksLoop() {
        EdgeClient late = client.again();
        byte[] answer = late.answerTo(late.challenge());
        late.channel.receives(EdgeClient.frames(new ChallengeResponse(answer), new Ping()));
        harness.clientLoop.run();
        harness.sessions.kick(client.id);
        harness.sessionLoop.run();
        assertThat(harness.count(Metric.RESUMES_REFUSED)).isOne();
        assertThat(late.isClosed()).isFalse();
        harness.clientLoop.run();
        assertThat(late.isClosed()).isTrue();
    }

    @Test
    void aBlockedLinkStopsTheFirehoseAndAnUnblockedOneLetsItGoOn() {
        proxy.blocked(link);
        harness.clientLoop.run();
        assertThat(harness.master.blocked).isFalse();
        harness.sessionLoop.run();
        assertThat(harness.master.blocked).isTrue();
        proxy.unblocked(link);
        harness.clientLoop.run();
        assertThat(harness.master.blocked).isTrue();
        harness.sessionLoop.run();
        assertThat(harness.master.blocked).isFalse();
    }

    @Test
    void leftoversCrossToTheSessionAndReachTheNextLink() {
        client.channel.takes(0);
        harness.send(client.id, payload(1, 10));
        harness.send(client.id, payload(2, 10));
        harness.run();
        proxy.lost(link);
        crossOver(); // the session asks for the link to be detached
        crossOver(); // the link answers
        assertThat(harness.sessions.staleSize()).isOne();
        assertThat(client.again().resume().data()).containsExactly(payload(1, 10), payload(2, 10));
    }
}
