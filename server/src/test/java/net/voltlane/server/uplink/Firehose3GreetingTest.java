package net.voltlane.server.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.firehose3.Ack;
import net.voltlane.protocol.firehose3.Attributes;
import net.voltlane.protocol.firehose3.Data;
import net.voltlane.protocol.firehose3.Ping;
import net.voltlane.protocol.firehose3.Pong;
import net.voltlane.protocol.firehose3.Welcome;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.metrics.Metric;
import org.junit.jupiter.api.Test;

/** Hello and Welcome: nothing else is said before, and a master that does not answer so is none. */
final class Firehose3GreetingTest extends Firehose3Case {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    @Test
    void theServerSpeaksFirst() {
        FakeChannel master = harness.connect();
        assertThat(master.taken())
                .isEqualTo(bytes("35000000 0000000000000000 10 0300 00000051000000000000000000000000"
                        + "00000000000000000000000000000000 0000000000000000 0000"));
    }

    @Test
    void theMasterIsReachedWithItsWelcomeAndNotBefore() {
        FakeChannel master = harness.connect();
        opens(7);
        passes(Duration.ofSeconds(9));
        assertThat(harness.said).isEmpty();
        assertThat(harness.uplink.isUp()).isFalse();
        assertThat(heard(master)).containsExactly(hello(NONE, 0));
        says(
                master,
                bytes("27000000 0000000000000000 11 0300 00000001000000000000000000000000"
                        + "0000000000000000 0000 0000"));
        assertThat(harness.said).containsExactly("reached");
        assertThat(harness.uplink.isUp()).isTrue();
        assertThat(harness.count(Metric.MASTER_CONNECTED)).isEqualTo(1);
        assertThat(heard(master)).containsExactly(existing(7, false, 1, 1));
        passes(LIMIT);
        assertThat(master.isOpen()).isTrue();
    }

    @Test
    void aWelcomeMayComeByteByByteAndWithWhatFollowsIt() {
        FakeChannel master = harness.connect();
        for (byte one : welcome(ONE, 0)) {
            assertThat(harness.said).isEmpty();
            says(master, new byte[] {one});
        }
        assertThat(harness.said).containsExactly("reached");
        FakeChannel second = redial(master);
        second.taken();
        says(second, welcome(ONE, 0), frame(0, new Ping(new byte[] {1, 2})));
        assertThat(heard(second)).containsExactly(link(new Pong(new byte[] {1, 2})));
    }

    @Test
    void aMasterThatSaysNothingIsLeftAfterTenSecondsWithTheRemedyInTheLog() {
        FakeChannel master = harness.connect();
        passes(LIMIT.minusMillis(200));
        assertThat(master.isOutputShutdown()).isFalse();
        passes(Duration.ofMillis(300));
        assertThat(master.isOutputShutdown()).isTrue();
        assertThat(harness.log.lines())
                .contains(
                        "WARN Master 127.0.0.1:42001 does not speak firehose 3: no Welcome within 10 s. If your backend"
                                + " speaks version 2 only, set master.protocol = 2");
        assertThat(harness.count(Metric.MASTER_DIALS_UNANSWERED)).isEqualTo(1);
        assertThat(harness.count(Metric.MASTER_CONNECTED)).isZero();
        assertThat(harness.count(Metric.MASTER_LOST)).isZero();
    }

    @Test
    void everyOtherFirstPacketEndsTheLinkAtOnce() {
        for (byte[] first : List.of(
                UplinkHarness.data(7, 1, 5), // of a master of version 2
                frame(7, new Data(new byte[0])),
                frame(0, new Ack(0)),
                bytes("08000000 0000000000000000"),
                bytes("00000000"),
                frame(0, new Welcome(2, ONE, 0, 0, Attributes.EMPTY)),
                frame(0, new Welcome(4, ONE, 0, 0, Attributes.EMPTY)),
                bytes("27000000 0000000000000000 11 0300 00000000000000000000000000000000 0000000000000000 0000 0000"),
                bytes("26000000 0000000000000000 11 0300 00000001000000000000000000000000 0000000000000000 0000 00"),
                bytes("27000000 0000000000000000 11 0300 00000001000000000000000000000000 0000000000002000 0000 0000"),
                bytes(
                        "27000000 0000000000000000 10 0300 00000001000000000000000000000000 0000000000000000 0000 0000"))) {
            use(UplinkHarness.SETTINGS, OPEN);
            FakeChannel master = harness.connect();
            says(master, first, welcome(ONE, 0));
            assertThat(master.isOutputShutdown())
                    .as(HexFormat.of().formatHex(first))
                    .isTrue();
            assertThat(harness.said).isEmpty();
            assertThat(harness.log.lines())
                    .anySatisfy(line -> assertThat(line)
                            .contains("does not speak firehose 3: its first packet is no Welcome")
                            .contains("set master.protocol = 2"));
        }
    }

    @Test
    void aMasterThatHangsUpAtHelloGetsTheRemedyToo() {
        FakeChannel master = harness.connect();
        harness.lose(master);
        assertThat(harness.log.lines())
                .contains(
                        "WARN Master 127.0.0.1:42001 does not speak firehose 3: the connection ended before its Welcome"
                                + " (reset by peer). If your backend speaks version 2 only, set master.protocol = 2");
    }

    @Test
    void aMasterThatSpokeBeforeHangsOrIsAwayAndDoesNotSpeakAnotherVersion() {
        FakeChannel master = redial(connect());
        master = redial(master);
        assertThat(harness.log.lines()).as("hung up").noneMatch(line -> line.contains("firehose 3"));
        passes(LIMIT.plusMillis(200));
        assertThat(master.isOutputShutdown()).isTrue();
        assertThat(harness.log.lines())
                .contains(
                        "WARN Master 127.0.0.1:42001 does not answer any more: no Welcome within 10 s. Its process hangs,"
                                + " or was suspended; the server goes on dialling")
                .noneMatch(line -> line.contains("set master.protocol"));
    }

    @Test
    void theRemedyIsLoggedOnceAndAgainOnlyAfterAWelcome() {
        FakeChannel master = harness.connect();
        for (int i = 0; i < 3; i++) {
            says(master, frame(0, new Ack(0)));
            passes(Duration.ofSeconds(5));
            master = harness.accept();
        }
        assertThat(harness.log.lines())
                .filteredOn(line -> line.contains("set master.protocol"))
                .hasSize(1);
        says(master, welcome(ONE, 0));
        master = redial(master);
        says(master, frame(0, new Ack(0)));
        assertThat(harness.log.lines())
                .filteredOn(line -> line.contains("set master.protocol"))
                .hasSize(2);
    }

    @Test
    void beforeTheFirstWelcomeAMasterThatDoesNotAnswerUsesUpTheTime() {
        harness.connect();
        for (int i = 0; i < 3 && harness.said.isEmpty(); i++) {
            passes(LIMIT.plusSeconds(5));
            FakeChannel next = FakeChannel.nextDialled();
            if (next != null) {
                next.accepted();
                harness.loop.run();
            }
        }
        assertThat(harness.said)
                .singleElement()
                .asString()
                .contains("could not be reached for 30 s")
                .contains("it does not speak firehose 3: no Welcome within 10 s, see master.protocol");
    }

    @Test
    void afterTheFirstWelcomeAMasterThatDoesNotAnswerUsesUpNothing() {
        FakeChannel master = connect();
        harness.lose(master);
        for (int i = 0; i < 20; i++) {
            passes(Duration.ofSeconds(5));
            master = harness.accept();
            passes(LIMIT.plusMillis(200));
            assertThat(master.isOutputShutdown()).isTrue();
        }
        assertThat(harness.said).containsExactly("reached");
        passes(Duration.ofSeconds(5));
        master = harness.accept();
        says(master, welcome(ONE, 0));
        assertThat(harness.uplink.isUp()).isTrue();
    }

    @Test
    void afterTheFirstWelcomeWhateverClosesOrAnswersWronglyStillUsesItUp() {
        FakeChannel master = connect();
        harness.lose(master);
        for (int i = 0; i < 30 && harness.said.size() == 1; i++) {
            passes(Duration.ofSeconds(5));
            FakeChannel next = FakeChannel.nextDialled();
            if (next != null) {
                next.accepted();
                harness.loop.run();
                says(next, frame(0, new Ack(0)));
            }
        }
        assertThat(harness.said).hasSize(2);
    }

    @Test
    void dialsThatAreRefusedInBetweenCountAsBefore() {
        FakeChannel master = connect();
        harness.lose(master);
        for (int i = 0; i < 30 && harness.said.size() == 1; i++) {
            passes(Duration.ofSeconds(5));
            FakeChannel next = FakeChannel.nextDialled();
            if (next != null) {
                next.refused(new ConnectException("refused"));
                harness.loop.run();
            }
        }
        assertThat(harness.said).hasSize(2);
        assertThat(harness.said.get(1)).contains("could not be reached for 30 s");
    }

    @Test
    void aSecondWelcomeChangesNothing() {
        FakeChannel master = connect();
        FakeSubject session = opens(7);
        begins(session, 1, 5);
        says(master, welcome(TWO, 1), welcome(ONE, Limits.MAX_COUNT));
        assertThat(master.isOpen()).isTrue();
        assertThat(harness.count(Metric.MASTER_PACKET_IGNORED)).isEqualTo(2);
        assertThat(heard(master)).containsExactly(opened(7), data(7, 1, 5));
        assertThat(heard(redial(master))).containsExactly(hello(ONE, 0));
    }

    @Test
    void theNextHelloNamesWhoWasSpokenToAndWhatCame() {
        FakeChannel master = connect();
        says(master, frame(7, new Data(new byte[3])), frame(8, new Data(new byte[3])));
        FakeChannel second = redial(master);
        assertThat(heard(second)).containsExactly(hello(ONE, 2));
        FakeChannel third = redial(second);
        assertThat(heard(third)).as("it was not answered").containsExactly(hello(ONE, 2));
        says(third, welcome(TWO, 0));
        assertThat(heard(redial(third))).as("another pair").containsExactly(hello(TWO, 0));
    }

    @Test
    void aMasterThatHasAcknowledgedSomethingOnALinkIsDialledAgainSoonHoweverOftenTheLinkBreaks() {
        FakeChannel master = connect();
        FakeSubject session = opens(7);
        for (int i = 1; i <= 10; i++) {
            sends(session, i, 5);
            says(master, ack(i + 1));
            harness.lose(master);
            harness.loop.advance(Duration.ofMillis(100));
            master = harness.accept();
            says(master, welcome(ONE, i + 1));
        }
        harness.lose(master);
        harness.loop.advance(Duration.ofMillis(100));
        master = harness.accept();
        says(master, welcome(ONE, 11), ack(11));
        harness.lose(master);
        harness.loop.advance(Duration.ofMillis(100));
        assertThat(FakeChannel.nextDialled()).as("nothing new was acknowledged").isNull();
        harness.loop.advance(Duration.ofMillis(100));
        assertThat(FakeChannel.nextDialled()).isNotNull();
    }

    @Test
    void aMasterWhoseCountsAreWrongOnEachLinkIsDialledMoreAndMoreSlowly() {
        FakeChannel master = connect();
        opens(7);
        for (int i = 0; i < 10; i++) {
            says(master, ack(1), ack(99));
            passes(Duration.ofSeconds(5));
            master = harness.accept();
            says(master, welcome(ONE, 0));
        }
        assertThat(harness.said).as("but it is there").containsExactly("reached");
        says(master, ack(1), ack(99));
        passes(Duration.ofSeconds(2));
        assertThat(FakeChannel.nextDialled()).isNull();
    }

    @Test
    void nothingIsReadFromALinkThatWasLeft() {
        FakeChannel master = harness.connect();
        says(master, frame(0, new Ack(0)));
        says(master, welcome(ONE, 0));
        assertThat(harness.said).isEmpty();
    }
}
