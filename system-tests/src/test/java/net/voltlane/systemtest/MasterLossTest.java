package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.numbered;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.voltlane.proof.SecretBox;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.Tag;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.Direction;
import net.voltlane.testkit.Firehose;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 5: the master goes away and comes back; clients notice nothing but the delay. */
class MasterLossTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    /** Redials are spaced by a backoff. */
    private static final Duration REDIAL = Duration.ofSeconds(15);

    private World world;

    @BeforeEach
    void start() {
        world = World.setup()
                .relayed()
                .with("clients.missed_packets_buffer_size", 100)
                .with("listener.max_frame_size", 1_000_000)
                .start();
        world.master().timeout(REDIAL);
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void everythingWaitsForTheNewLinkReconnectionsFirst() {
        ScriptedClient a = world.openHeard();
        ScriptedClient b = world.openHeard();
        ScriptedClient unheard = world.open();
        ScriptedClient silent = world.open();
        ScriptedClient stale = world.openHeard();
        world.cut(stale);
        ScriptedClient breaker = world.openHeard();
        world.master().accept();

        loseTheMaster();
        for (int i = 0; i < 3; i++) {
            a.send(numbered(i, 100));
            unheard.send(numbered(10 + i, 100));
        }
        breaker.write(Frame.of(utf8("last words")), Bytes.u32(1_000_001));
        breaker.readUntilClosed(Duration.ofSeconds(7));
        ScriptedClient newcomer = world.open();
        newcomer.send(utf8("I am new"));
        world.open();

        world.master().listenAgain();
        Firehose link = world.master().accept();
        Set<Long> announced = new HashSet<>();
        List<FirehosePacket> rest = new ArrayList<>();
        while (rest.size() < 3 + 3 + 2 + 1) {
            FirehosePacket packet = link.next();
            if (packet.flag() == Flag.RECONNECTION) {
                assertThat(rest).as("packets before a Reconnection").isEmpty();
                assertThat(announced.add(packet.id())).as("announced once").isTrue();
            } else {
                rest.add(packet);
            }
        }
        assertThat(announced)
                .contains(a.id(), b.id())
                .as("whose first packets waited, or who are not there")
                .doesNotContain(unheard.id(), newcomer.id(), stale.id(), breaker.id(), silent.id());
        assertThat(dataOf(rest, a.id())).containsExactly(0, 1, 2);
        assertThat(dataOf(rest, unheard.id())).containsExactly(10, 11, 12);
        assertThat(rest.stream().filter(packet -> packet.id() == breaker.id()))
                .containsExactly(
                        new FirehosePacket(breaker.id(), Flag.DATA, utf8("last words")),
                        new FirehosePacket(breaker.id(), Flag.FAILURE, utf8(Reason.FRAME_TOO_LARGE.text())));
        assertThat(rest).contains(new FirehosePacket(newcomer.id(), Flag.DATA, utf8("I am new")));

        for (ScriptedClient client : List.of(a, b, unheard, newcomer)) {
            world.roundTrip(client);
        }
        world.roundTripAfterReconnection(world.resumed(stale.identity()));
    }

    @Test
    void sessionsThatEndMeanwhileAreToldAfterwards() {
        try (World hasty = World.setup()
                .with("clients.stale_timeout_secs", 1)
                .with("clients.stale_reap_interval_secs", 1)
                .start()) {
            hasty.master().timeout(REDIAL);
            ScriptedClient heard = hasty.openHeard();
            ScriptedClient unheard = hasty.open();
            hasty.master().accept().cut();
            hasty.master().stopListening();
            heard.cut();
            unheard.cut();
            await().atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> isGone(hasty, heard));
            hasty.master().listenAgain();
            Firehose link = hasty.master().accept();
            link.expectFailure(heard.id(), Reason.CLIENT_DISCONNECTED);
            link.expectSilenceOf(heard.id(), SHORT);
            link.expectSilenceOf(unheard.id(), Duration.ZERO);
        }
    }

    /** Resuming keeps a session alive, so whether it has ended is asked with a wrong key. */
    private static boolean isGone(World world, ScriptedClient client) {
        try (ScriptedClient probe = ScriptedClient.connect(world.address())) {
            byte[] box = probe.requestChallenge(client.id());
            return SecretBox.open(client.identity().sharedKey(), box) == null;
        }
    }

    @Test
    void aResumeWhileTheMasterIsAwayIsAnnouncedOnTheNewLink() {
        ScriptedClient client = world.openHeard();
        world.cut(client);
        world.master().accept();
        loseTheMaster();
        ScriptedClient again = world.resumed(client.identity());
        again.send(utf8("back"));
        world.master().listenAgain();
        Firehose link = world.master().accept();
        FirehosePacket packet = link.nextFor(client.id());
        assertThat(packet.flag()).isEqualTo(Flag.RECONNECTION);
        while (packet.flag() == Flag.RECONNECTION) {
            packet = link.nextFor(client.id());
        }
        assertThat(packet.data()).isEqualTo(utf8("back"));
        world.roundTrip(again);
    }

    @Test
    void aFrameThatTheOldLinkTookInPartGoesAgainWhole() {
        ScriptedClient client = world.openHeard();
        Firehose first = world.master().accept();
        world.relay().stall(Direction.OUT);
        int packets = 300;
        client.timeout(Duration.ofSeconds(15));
        for (int i = 0; i < packets; i++) {
            client.send(numbered(i, 100_000));
        }
        // Through the same client loop: what was sent before has been read when this is answered.
        world.open();
        world.relay().cut();
        await().until(first::hasEnded);
        world.relay().unstall(Direction.OUT);

        Firehose second = world.master().accept();
        second.expectReconnection(client.id());
        byte[] packet = second.dataOf(client.id());
        // What kernels and the relay had taken is gone; what the server held is not.
        assertThat(Bytes.number(packet)).isLessThan(packets - 1);
        for (int next = Bytes.number(packet) + 1; next < packets; next++) {
            assertThat(packet).hasSize(100_000);
            packet = second.dataOf(client.id());
            assertThat(Bytes.number(packet)).isEqualTo(next);
        }
        world.roundTrip(client);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 12, 13, 60})
    void aLinkThatIsCutInsideAFrameIsFollowedByOneThatBeginsWithAWholeFrame(int offset) {
        ScriptedClient client = world.openHeard();
        Firehose first = world.master().accept();
        int frameBytes = Tag.FRAME_HEADER_BYTES + 100;
        world.relay().cutAfter(Direction.OUT, 5L * frameBytes + offset);
        for (int i = 0; i < 20; i++) {
            client.send(numbered(i, 100));
        }
        for (int i = 0; i < 5; i++) {
            assertThat(Bytes.number(first.dataOf(client.id()))).isEqualTo(i);
        }
        Firehose second = world.master().accept();
        second.expectReconnection(client.id());
        client.send(numbered(20, 100));
        int last = -1;
        while (last < 20) {
            byte[] packet = second.dataOf(client.id());
            assertThat(packet).hasSize(100);
            assertThat(Bytes.number(packet)).isGreaterThan(last);
            last = Bytes.number(packet);
        }
        world.roundTrip(client);
    }

    @Test
    void aFrameThatTheMasterSentInPartIsForgottenWithItsLink() {
        ScriptedClient client = world.openHeard();
        Firehose first = world.master().accept();
        byte[] frame = Tag.frame(client.id(), Flag.DATA, utf8("never whole"));
        first.write(Arrays.copyOf(frame, frame.length - 1));
        world.relay().finish();
        Firehose second = world.master().accept();
        second.expectReconnection(client.id());
        world.roundTrip(client);
        client.expectSilence(SHORT);
    }

    @Test
    void manyLossesOneAfterTheOther() {
        ScriptedClient client = world.openHeard();
        world.master().accept();
        for (int i = 0; i < 3; i++) {
            world.relay().cut();
            Firehose link = world.master().accept();
            link.expectReconnection(client.id());
            world.roundTrip(client);
        }
    }

    private void loseTheMaster() {
        Firehose link = world.master().firehose();
        world.master().stopListening();
        world.relay().cut();
        await().until(link::hasEnded);
    }

    private static List<Integer> dataOf(List<FirehosePacket> packets, long id) {
        return packets.stream()
                .filter(packet -> packet.id() == id)
                .map(packet -> Bytes.number(packet.data()))
                .toList();
    }
}
