package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.numbered;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.voltlane.protocol.Frame;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ClientIdentity;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Section 5: a lost link, and the session that goes on. */
class ResumeTest {
    private static World world;

    @BeforeAll
    static void start() {
        world = World.setup().with("clients.missed_packets_buffer_size", 1000).start();
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    /** Ways for a link to get lost. */
    static Stream<Named<Consumer<ScriptedClient>>> losses() {
        return Stream.of(Named.of("FIN", client -> world.lose(client)), Named.of("reset", client -> world.cut(client)));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void whatWasMissedComesInOrderUnderTheSameIdAndThenWhatIsNew(Consumer<ScriptedClient> loss) {
        ScriptedClient client = world.openHeard();
        ClientIdentity who = client.identity();
        loss.accept(client);
        for (int i = 0; i < 100; i++) {
            world.master().send(who.id(), numbered(i, 4 + i * 100));
        }
        world.settle();

        ScriptedClient again = world.connect();
        again.resume(who);
        world.master().send(who.id(), numbered(100, 4));
        for (int i = 0; i <= 100; i++) {
            byte[] packet = again.receive();
            assertThat(Bytes.number(packet)).isEqualTo(i);
            assertThat(packet).hasSize(i == 100 ? 4 : 4 + i * 100);
        }
        world.roundTripAfterReconnection(again);
    }

    @ParameterizedTest
    @MethodSource("losses")
    void theMasterHearsReconnectionAfterWhatCameBeforeAndBeforeWhatComesAfter(Consumer<ScriptedClient> loss) {
        ScriptedClient client = world.openHeard();
        client.send(utf8("before"));
        world.settle();
        loss.accept(client);
        ScriptedClient again = world.resumed(client.identity());
        again.send(utf8("after"));
        assertThat(world.master().dataOf(client.id())).isEqualTo(utf8("before"));
        world.master().expectReconnection(client.id());
        assertThat(world.master().dataOf(client.id())).isEqualTo(utf8("after"));
    }

    @Test
    void aSessionCanBeResumedAgainAndAgain() {
        ScriptedClient client = world.openHeard();
        for (int i = 0; i < 5; i++) {
            world.cut(client);
            world.master().send(client.id(), numbered(i, 10));
            world.settle();
            client = world.resumed(client.identity());
            assertThat(client.receive()).isEqualTo(numbered(i, 10));
            world.roundTripAfterReconnection(client);
        }
    }

    @Test
    void aSessionThatTheMasterNeverHeardOfComesBackWithoutAWord() {
        ScriptedClient client = world.open();
        world.cut(client);
        ScriptedClient back = world.resumed(client.identity());
        world.roundTrip(back); // which begins with its data
        world.cut(back);
        world.roundTripAfterReconnection(world.resumed(client.identity()));
    }

    @Test
    void whatTheLostLinkHadNotTakenComesBeforeWhatWasMissed() {
        int packetBytes = 64 * 1024;
        ScriptedClient slow = SlowClientTest.slowReader(world);
        for (int i = 0; i < 160; i++) {
            world.master().send(slow.id(), numbered(i, packetBytes));
        }
        world.settle();
        slow.shutdownOutput();
        int got = slow.readUntilClosed(Duration.ofSeconds(10)).rest().length / (4 + packetBytes);
        assertThat(got).isLessThan(160);
        world.settle();
        for (int i = 160; i < 200; i++) {
            world.master().send(slow.id(), numbered(i, packetBytes));
        }
        world.settle();
        ScriptedClient again = world.resumed(slow.identity());
        for (int i = got; i < 200; i++) {
            assertThat(Bytes.number(again.receive())).isEqualTo(i);
        }
        world.roundTripAfterReconnection(again);
    }

    @Test
    void emptyPacketsAreMissedLikeOthers() {
        ScriptedClient client = world.openHeard();
        world.lose(client);
        world.master().send(client.id(), new byte[0]);
        world.master().send(client.id(), utf8("x"));
        world.master().send(client.id(), new byte[0]);
        world.settle();
        ScriptedClient again = world.resumed(client.identity());
        assertThat(again.receive()).isEmpty();
        assertThat(again.receive()).isEqualTo(utf8("x"));
        assertThat(again.receive()).isEmpty();
    }

    @Test
    void losingALinkIsNotTold() {
        ScriptedClient client = world.openHeard();
        world.cut(client);
        world.master().expectSilenceOf(client.id(), Duration.ofMillis(200));
    }

    @Test
    void whatAClientSentBeforeItsFinReachesTheMaster() {
        ScriptedClient client = world.open();
        byte[][] frames = new byte[500][];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = Frame.of(numbered(i, 1000));
        }
        client.write(frames);
        client.close();
        for (int i = 0; i < frames.length; i++) {
            assertThat(Bytes.number(world.master().dataOf(client.id()))).isEqualTo(i);
        }
    }

    @Test
    void theEndOfALinkInsideAFrameForwardsNothingOfIt() {
        ScriptedClient client = world.openHeard();
        client.write(Frame.of(utf8("whole")), Bytes.u32(100), new byte[99]);
        world.lose(client);
        ScriptedClient again = world.resumed(client.identity());
        again.send(utf8("next"));
        assertThat(world.master().dataOf(client.id())).isEqualTo(utf8("whole"));
        world.master().expectReconnection(client.id());
        assertThat(world.master().dataOf(client.id())).isEqualTo(utf8("next"));
    }
}
