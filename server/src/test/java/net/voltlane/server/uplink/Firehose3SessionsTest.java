package net.voltlane.server.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.firehose3.Attributes;
import net.voltlane.protocol.firehose3.Delivered;
import net.voltlane.protocol.firehose3.Ended;
import net.voltlane.protocol.firehose3.Opened;
import net.voltlane.protocol.firehose3.Ready;
import net.voltlane.protocol.firehose3.Resumed;
import net.voltlane.protocol.firehose3.Slow;
import net.voltlane.protocol.firehose3.Suspended;
import net.voltlane.protocol.firehose3.Welcome;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.session.LinkOrigin;
import net.voltlane.testkit.Bytes;
import org.junit.jupiter.api.Test;

/** The packets for the events of a session's life. */
final class Firehose3SessionsTest extends Firehose3Case {
    @Test
    void openedHasTheSessionsCountsAndItsMap() {
        FakeChannel master = connect();
        opens(7);
        assertThat(master.taken())
                .isEqualTo(HexFormat.of()
                        .parseHex("6b000000 0700000000000000 04 00 0100000000000000 0100000000000000 0400"
                                        .replace(" ", "")
                                + text("remote")
                                + text("192.0.2.1:4711")
                                + text("local")
                                + text("192.0.2.254:42000")
                                + text("transport")
                                + text("tcp")
                                + text("protocol")
                                + text("2")));
    }

    @Test
    void whatTheTransportKnowsOfAClientIsForTheMaster() {
        FakeChannel master = connect();
        FakeSubject session = FakeSubject.unknown(7);
        session.origin =
                new LinkOrigin("192.0.2.1:4711", "192.0.2.254:42443", "tls", Map.of("certificate_subject", "CN=Ä"));
        harness.uplink.opened(session);
        harness.loop.run();
        assertThat(heard(master)).singleElement().satisfies(packet -> {
            Attributes attributes = ((Opened) packet.message()).attributes();
            assertThat(attributes.text("certificate_subject")).isEqualTo("CN=Ä");
            assertThat(attributes.names())
                    .containsExactly("remote", "local", "transport", "protocol", "certificate_subject");
        });
    }

    private static String text(String text) {
        return HexFormat.of().toHexDigits((byte) text.length()) + "00"
                + HexFormat.of().formatHex(Bytes.utf8(text));
    }

    @Test
    void credentialsAreForTheMaster() {
        FakeChannel master = connect();
        FakeSubject session = FakeSubject.unknown(7);
        session.protocolVersion = 3;
        session.credentials = new byte[] {0, (byte) 0xFF, 3};
        harness.uplink.opened(session);
        harness.loop.run();
        assertThat(heard(master))
                .containsExactly(packet(
                        7,
                        new Opened(
                                false,
                                false,
                                false,
                                1,
                                1,
                                attributes()
                                        .with(Attributes.PROTOCOL, "3")
                                        .with(Attributes.CREDENTIALS, new byte[] {0, (byte) 0xFF, 3}))));
    }

    @Test
    void aWholeLifeIsToldInOrder() {
        FakeChannel master = connect();
        FakeSubject session = opens(7);
        begins(session, 1, 5);
        sends(session, 2, 6);
        harness.uplink.suspended(session, "connection reset");
        session.origin = new LinkOrigin("198.51.100.9:80", "192.0.2.254:42000", "tcp");
        harness.uplink.resumed(session, false);
        begins(session, 3, 7);
        harness.uplink.resumed(session, true);
        session.takenUp = 3;
        session.delivered = 9;
        ends(session, Reason.CLIENT_EVICTED);
        assertThat(heard(master))
                .containsExactly(
                        opened(7),
                        data(7, 1, 5),
                        data(7, 2, 6),
                        packet(7, new Suspended("connection reset")),
                        packet(7, new Resumed(false, "198.51.100.9:80")),
                        data(7, 3, 7),
                        packet(7, new Resumed(true, "198.51.100.9:80")),
                        ended(7, Reason.CLIENT_EVICTED, 3, 9));
    }

    @Test
    void aLinkThatIsLostAndFollowedBeforeTheSessionWasStaleTakesOver() {
        FakeChannel master = connect();
        FakeSubject session = opens(7);
        heard(master);
        harness.uplink.resumed(session, false); // no Suspended between
        harness.loop.run();
        assertThat(heard(master)).containsExactly(packet(7, new Resumed(true, "192.0.2.1:4711")));
    }

    @Test
    void everyReasonHasItsCodeAndItsWords() {
        FakeChannel master = connect();
        for (Reason reason : Reason.values()) {
            ends(opens(1 + reason.ordinal()), reason);
        }
        assertThat(heard(master))
                .filteredOn(heard -> heard.message() instanceof Ended)
                .containsExactlyElementsOf(Arrays.stream(Reason.values())
                        .map(reason -> ended(1 + reason.ordinal(), reason, 0, 0))
                        .toList());
    }

    @Test
    void aKickIsToldInTheMastersOwnWords() {
        FakeChannel master = connect();
        FakeSubject session = opens(7);
        heard(master);
        harness.uplink.ended(session, Reason.CLIENT_KICKED, Bytes.utf8("no cheating, ü"));
        harness.loop.run();
        assertThat(heard(master)).containsExactly(packet(7, new Ended(1, 0, 0, "no cheating, ü")));
    }

    @Test
    void aLongCauseIsCutWithinItsText() {
        FakeChannel master = connect();
        FakeSubject session = opens(7);
        heard(master);
        harness.uplink.suspended(session, "ü".repeat(1000));
        harness.loop.run();
        Suspended told = (Suspended) heard(master).get(0).message();
        assertThat(told.cause()).startsWith("ü".repeat(500));
        assertThat(Bytes.utf8(told.cause()).length).isLessThanOrEqualTo(1024);
    }

    // ---- announced with the first data

    @Test
    void aSessionCanBeAnnouncedWithItsFirstData() {
        use(UplinkHarness.SETTINGS, WITH_DATA);
        FakeChannel master = connect();
        FakeSubject silent = opens(7);
        harness.uplink.suspended(silent, "reset");
        harness.uplink.resumed(silent, false);
        ends(silent, Reason.CLIENT_DISCONNECTED);
        FakeSubject session = opens(8);
        harness.uplink.suspended(session, "reset");
        harness.uplink.resumed(session, false);
        harness.loop.run();
        assertThat(heard(master)).isEmpty();
        begins(session, 1, 5);
        ends(session, Reason.CLIENT_KICKED);
        assertThat(heard(master)).containsExactly(opened(8), data(8, 1, 5), ended(8, Reason.CLIENT_KICKED, 0, 0));
    }

    // ---- Delivered, Slow, Ready

    @Test
    void whatTheMasterWishesForIsTold() {
        FakeChannel master = connect();
        FakeSubject session = opens(7);
        heard(master);
        assertThat(harness.uplink.wantsDelivered()).isTrue();
        session.delivered = 5;
        harness.uplink.delivered(session);
        harness.uplink.slow(session, 1000);
        harness.loop.run();
        assertThat(heard(master)).containsExactly(packet(7, new Delivered(5)), packet(7, new Slow(1000)));
        harness.uplink.ready(session, 3);
        harness.loop.run();
        assertThat(heard(master)).containsExactly(packet(7, new Ready(3)));
    }

    @Test
    void whatSocketsOfAClientOfVersion2HaveTakenIsTold() {
        FakeChannel master = connect();
        FakeSubject session = opens(7);
        heard(master);
        harness.uplink.taken(session, 5);
        harness.uplink.taken(session, 5);
        harness.loop.run();
        assertThat(heard(master)).containsExactly(packet(7, new Delivered(5)));
        harness.uplink.taken(session, 4);
        harness.loop.run();
        assertThat(heard(master)).as("which can't be").isEmpty();
        ends(session, Reason.CLIENT_EVICTED);
        assertThat(heard(master)).containsExactly(ended(7, Reason.CLIENT_EVICTED, 0, 5));
    }

    @Test
    void theEndTellsItAlsoWithoutThatWish() {
        FakeChannel master = harness.connect();
        says(master, frame(0, new Welcome(3, ONE, 0, 0, Attributes.EMPTY)));
        FakeSubject session = opens(7);
        heard(master);
        harness.uplink.taken(session, 5);
        harness.loop.run();
        assertThat(heard(master)).isEmpty();
        ends(session, Reason.CLIENT_EVICTED);
        assertThat(heard(master)).containsExactly(ended(7, Reason.CLIENT_EVICTED, 0, 5));
    }

    @Test
    void whatTheMasterDoesNotWishForIsNotTold() {
        FakeChannel master = harness.connect();
        says(master, frame(0, new Welcome(3, ONE, 0, 0, Attributes.EMPTY)));
        FakeSubject session = opens(7);
        heard(master);
        assertThat(harness.uplink.wantsDelivered()).isFalse();
        harness.uplink.delivered(session);
        harness.uplink.slow(session, 1000);
        harness.uplink.ready(session, 0);
        harness.loop.run();
        assertThat(heard(master)).isEmpty();
    }

    @Test
    void ofEachFigureOnlyTheNewestWaitsForTheSocket() {
        FakeChannel master = connect().takes(0);
        FakeSubject session = opens(7);
        FakeSubject other = opens(8);
        for (long n = 1; n <= 100; n++) {
            session.delivered = n;
            harness.uplink.delivered(session);
            harness.uplink.slow(session, n);
            if (n < 100) {
                harness.uplink.ready(session, n);
            }
            harness.uplink.slow(other, n);
            harness.uplink.ready(other, n);
            harness.loop.run();
        }
        master.takesAll();
        harness.loop.run();
        assertThat(heard(master))
                .containsExactly(opened(7), opened(8), packet(7, new Delivered(100)), packet(7, new Slow(100)));
    }

    @Test
    void figuresAreToldThoughTheSocketNeverHasRoomForAllData() {
        FakeChannel master = connect().takes(0);
        FakeSubject session = opens(7);
        for (int number = 1; number <= 10; number++) {
            sends(session, number, 90_000);
        }
        harness.uplink.slow(session, 1000);
        for (int number = 11; number <= 50; number++) {
            sends(session, number, 90_000);
            master.takes(90_000);
            harness.loop.run();
        }
        master.takesAll();
        harness.loop.run();
        assertThat(heard(master).indexOf(packet(7, new Slow(1000))))
                .as("among 50 packets of data")
                .isBetween(11, 30);
    }

    @Test
    void noFigureOfASessionComesBehindItsEnd() {
        FakeChannel master = connect().takes(0);
        FakeSubject session = opens(7);
        harness.uplink.delivered(session);
        harness.uplink.slow(session, 9);
        ends(session, Reason.CLIENT_KICKED);
        master.takesAll();
        harness.loop.run();
        assertThat(heard(master)).containsExactly(opened(7), ended(7, Reason.CLIENT_KICKED, 0, 0));
    }

    @Test
    void figuresThatTheMasterDoesNotAcknowledgeStopAtTheBound() {
        use(bounds(1000, 2000), OPEN);
        FakeChannel master = connect();
        FakeSubject session = opens(7);
        for (long n = 1; n <= 1000; n++) {
            session.delivered = n;
            harness.uplink.delivered(session);
            harness.loop.run();
        }
        int told = heard(master).size();
        assertThat(told).isBetween(10, 100);
        says(master, ack(told));
        assertThat(heard(master)).as("the newest alone").containsExactly(packet(7, new Delivered(1000)));
    }
}
