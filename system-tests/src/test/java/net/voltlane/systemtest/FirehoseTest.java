package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.hex;
import static net.voltlane.testkit.Bytes.numbered;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.Tag;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.Firehose;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 4: what goes over the firehose, and how large it may be. */
class FirehoseTest {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final long NOBODY = 4_711;

    private static World world;

    @BeforeAll
    static void start() {
        world = World.setup().start();
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    // ---- tagging

    @Test
    void eachClientsDataIsTaggedWithItsIdAndDeliveredByItsId() {
        ScriptedClient a = world.open();
        ScriptedClient b = world.open();
        a.send(utf8("from a"));
        b.send(utf8("from b"));
        assertThat(world.master().nextFor(a.id())).isEqualTo(new FirehosePacket(a.id(), Flag.DATA, utf8("from a")));
        assertThat(world.master().nextFor(b.id())).isEqualTo(new FirehosePacket(b.id(), Flag.DATA, utf8("from b")));
        world.master().send(b.id(), utf8("for b"));
        world.master().send(a.id(), utf8("for a"));
        assertThat(a.receive()).isEqualTo(utf8("for a"));
        assertThat(b.receive()).isEqualTo(utf8("for b"));
        a.expectSilence(SHORT);
        b.expectSilence(SHORT);
    }

    @Test
    void theOrderOfEachClientIsKeptBothWays() {
        ScriptedClient a = world.open();
        ScriptedClient b = world.open();
        for (int i = 0; i < 2_000; i++) {
            a.send(numbered(i, 4 + i % 50));
            b.send(numbered(-i, 4));
        }
        for (int i = 0; i < 2_000; i++) {
            assertThat(world.master().dataOf(a.id())).isEqualTo(numbered(i, 4 + i % 50));
            assertThat(world.master().dataOf(b.id())).isEqualTo(numbered(-i, 4));
        }
        for (int i = 0; i < 2_000; i++) {
            world.master().send(a.id(), numbered(i, 4 + i % 50));
            world.master().send(b.id(), numbered(-i, 4));
        }
        for (int i = 0; i < 2_000; i++) {
            assertThat(a.receive()).isEqualTo(numbered(i, 4 + i % 50));
            assertThat(b.receive()).isEqualTo(numbered(-i, 4));
        }
    }

    @Test
    void theMastersBytesMayComeInAnyPieces() {
        ScriptedClient client = world.openHeard();
        for (byte one : Bytes.concat(
                Tag.frame(client.id(), Flag.DATA, utf8("drop by drop")),
                Tag.frame(client.id(), Flag.DATA, utf8("2")))) {
            world.master().write(new byte[] {one});
        }
        assertThat(client.receive()).isEqualTo(utf8("drop by drop"));
        assertThat(client.receive()).isEqualTo(utf8("2"));
    }

    @Test
    void emptyPayloadsPassBothWays() {
        ScriptedClient client = world.open();
        client.send(new byte[0]);
        assertThat(world.master().dataOf(client.id())).isEmpty();
        world.master().send(client.id(), new byte[0]);
        assertThat(client.receive()).isEmpty();
        world.roundTrip(client);
    }

    // ---- sizes

    @Test
    void theLargestFramePassesBothWays() {
        byte[] largest = new byte[Limits.DEFAULT_MAX_FRAME_BYTES];
        new Random(1).nextBytes(largest);
        ScriptedClient client = world.open().timeout(Duration.ofSeconds(10));
        client.send(largest);
        assertThat(world.master().dataOf(client.id())).isEqualTo(largest);
        world.master().send(client.id(), largest);
        assertThat(client.receive()).isEqualTo(largest);
    }

    @ParameterizedTest
    @ValueSource(ints = {8_388_600, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
    void aFrameOverTheLimitEndsTheSessionByItsLengthAloneAfterTheDataBeforeIt(int length) {
        ScriptedClient client = world.openHeard();
        client.write(Frame.of(utf8("one")), Frame.of(utf8("two")), Bytes.u32(length));
        assertThat(world.master().dataOf(client.id())).isEqualTo(utf8("one"));
        assertThat(world.master().dataOf(client.id())).isEqualTo(utf8("two"));
        world.master().expectFailure(client.id(), Reason.FRAME_TOO_LARGE);
        client.readUntilClosed(Duration.ofSeconds(7));
        world.expectGone(client.identity());
        world.master().expectSilenceOf(client.id(), SHORT);
        world.serveHonestClients();
    }

    @Test
    void theConfiguredLimitHoldsForClientsAndDoesNotCutTheFirehose() {
        try (World small = World.setup().with("listener.max_frame_size", 1000).start()) {
            ScriptedClient client = small.open();
            client.send(new byte[1000]);
            assertThat(small.master().dataOf(client.id())).hasSize(1000);
            byte[] large = new byte[8 * 1024 * 1024 - Tag.BYTES];
            small.master().send(client.id(), large);
            assertThat(client.receive()).isEqualTo(large);
            assertThat(small.master().links()).isEqualTo(1);

            client.write(Bytes.u32(1001));
            small.master().expectFailure(client.id(), Reason.FRAME_TOO_LARGE);
            small.serveHonestClients();
        }
    }

    @Test
    void aFrameTooLargeFromASessionThatTheMasterNeverHeardOfEndsItSilently() {
        try (World quiet = World.setup().with("listener.max_frame_size", 1000).start()) {
            ScriptedClient client = quiet.open();
            client.write(Bytes.u32(1001));
            client.readUntilClosed(Duration.ofSeconds(7));
            quiet.serveHonestClientsAndNobodyElse();
            quiet.expectGone(client.identity());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8 * 1024 * 1024 + 1, -1})
    void aFrameOfTheMasterOverItsLimitEndsThatLinkAndNoSession(int length) {
        try (World other = World.setup().start()) {
            ScriptedClient client = other.openHeard();
            Firehose first = other.master().accept();
            first.write(Bytes.u32(length));
            await().until(first::hasEnded);
            Firehose second = other.master().accept();
            second.expectReconnection(client.id());
            other.roundTrip(client);
        }
    }

    // ---- what a master may do wrong

    @Test
    void dataForAnUnknownIdIsAnsweredWithFailure() {
        for (long id : new long[] {NOBODY, 0, -1, 1L << 60}) {
            world.master().send(id, utf8("anyone?"));
            world.master().expectFailure(id, Reason.CLIENT_NOT_FOUND);
            world.master().expectSilenceOf(id, SHORT);
        }
    }

    @Test
    void eachDataForAnUnknownIdIsAnswered() {
        for (int i = 0; i < 10; i++) {
            world.master().send(NOBODY + 1, new byte[i]);
        }
        for (int i = 0; i < 10; i++) {
            world.master().expectFailure(NOBODY + 1, Reason.CLIENT_NOT_FOUND);
        }
    }

    @Test
    void aKickForAnUnknownIdIsIgnored() {
        world.master().kick(NOBODY + 2);
        world.settle();
        world.master().expectSilenceOf(NOBODY + 2, SHORT);
    }

    @ParameterizedTest
    @EnumSource(names = {"FAILURE", "RECONNECTION"})
    void theServersOwnFlagsAreIgnoredWhenTheMasterSendsThem(Flag flag) {
        ScriptedClient client = world.openHeard();
        world.master().send(client.id(), flag, utf8("echoed"));
        world.master().send(NOBODY + 3, flag, new byte[0]);
        world.roundTrip(client);
        world.master().expectSilenceOf(NOBODY + 3, SHORT);
        client.expectSilence(SHORT);
    }

    @Test
    void shortPacketsAndUnknownFlagsAreSkipped() {
        ScriptedClient client = world.openHeard();
        int links = world.master().links();
        for (int length = 0; length < Tag.BYTES; length++) {
            world.master().write(Frame.of(new byte[length]));
        }
        for (int flag : new int[] {4, 5, 127, 128, 255}) {
            byte[] packet = Tag.frame(client.id(), Flag.DATA, utf8("strange"));
            packet[Tag.FLAG_OFFSET_IN_FRAME] = (byte) flag;
            world.master().write(packet);
        }
        world.roundTrip(client);
        client.expectSilence(SHORT);
        assertThat(world.master().links()).isEqualTo(links);
    }

    @Test
    void aFloodOfBadPacketsCostsNothingAndFewLogLines() {
        ScriptedClient client = world.openHeard();
        byte[] bad = hex("01000000 00");
        byte[][] many = new byte[10_000][];
        Arrays.fill(many, bad);
        int before = world.server().errorLines().size();
        world.master().write(many);
        world.roundTrip(client);
        assertThat(world.server().errorLines().size() - before).isLessThan(50);
    }
}
