package net.voltlane.server.uplink;

import static net.voltlane.server.uplink.UplinkHarness.data;
import static net.voltlane.server.uplink.UplinkHarness.failure;
import static net.voltlane.server.uplink.UplinkHarness.heard;
import static net.voltlane.server.uplink.UplinkHarness.packets;
import static net.voltlane.server.uplink.UplinkHarness.reconnection;
import static net.voltlane.testkit.Bytes.concat;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Reason;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.ResumeToken;
import net.voltlane.server.session.SessionDoors;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
final class MasterUplinkTest {
    private UplinkHarness harness = new UplinkHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    private void bounds(int packets, int bytes) {
        harness.close();
        harness = new UplinkHarness(new UplinkSettings(
                "127.0.0.1",
                42001,
                100_000,
                packets,
                bytes,
                Duration.ofSeconds(30).toNanos(),
                0));
    }

    // ---- sending

    @Test
    void dataGoesOutAtTheEndOfTheTick() {
        FakeChannel master = harness.connect();
        assertThat(harness.said).containsExactly("reached");
        harness.queue(data(1, 1, 5));
        harness.uplink.flush();
        assertThat(master.taken()).isEmpty();
        harness.up(data(2, 2, 6));
        assertThat(master.taken()).isEqualTo(concat(data(1, 1, 5), data(2, 2, 6)));
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void failuresAndReconnectionsKeepTheirPlaceAmongData() {
        FakeChannel master = harness.connect();
        harness.queue(data(1, 1, 5));
        harness.ends(1, Reason.CLIENT_KICKED);
        harness.resumes(2);
        harness.queue(data(2, 2, 6));
        harness.ends(2, Reason.CLIENT_EVICTED);
        harness.loop.run();
        assertThat(master.taken())
                .isEqualTo(concat(
                        data(1, 1, 5),
                        failure(1, Reason.CLIENT_KICKED),
                        reconnection(2),
                        data(2, 2, 6),
                        failure(2, Reason.CLIENT_EVICTED)));
    }

    @Test
    void everyReasonIsSaidInItsExactWords() {
        FakeChannel master = harness.connect();
        for (Reason reason : Reason.values()) {
            harness.ends(reason.ordinal(), reason);
        }
        harness.loop.run();
        assertThat(heard(master).stream().map(packet -> Bytes.text(packet.data())))
                .containsExactly(
                        "Client not found",
                        "Client disconnected",
                        "Client evicted",
                        "Client kicked",
                        "Buffer overflow",
                        "Missed packets overflow",
                        "Frame too large",
                        "Rate limit",
                        "Memory limit",
                        "Server stopping",
                        "Client left",
                        "Protocol violation",
                        "Gap");
    }

    @Test
    void manyFailuresArriveInOrder() {
        FakeChannel master = harness.connect();
        byte[][] all = new byte[1000][];
        for (int i = 0; i < all.length; i++) {
            harness.ends(i, Reason.SERVER_STOPPING);
            all[i] = failure(i, Reason.SERVER_STOPPING);
        }
        harness.loop.run();
        assertThat(heard(master)).containsExactlyElementsOf(packets(all));
    }

    @Test
    void whatComesBeforeTheMasterWasReachedWaits() {
        harness.uplink.start(harness.sessions);
        harness.up(data(1, 1, 5));
        harness.ends(1, Reason.CLIENT_KICKED);
        harness.loop.run();
        FakeChannel master = harness.accept();
        assertThat(master.taken()).isEqualTo(concat(data(1, 1, 5), failure(1, Reason.CLIENT_KICKED)));
        assertThat(harness.budget.heldBytes()).isZero();
    }

    // ---- a new link

    @Test
    void aNewLinkGetsReconnectionsForWhoIsLiveAndHeardOfThenWhatWaited() {
        FakeChannel first = harness.connect();
        UplinkHarness.Link live = harness.open();
        UplinkHarness.Link stale = harness.open();
        UplinkHarness.Link alsoLive = harness.open();
        harness.sessions.open(harness.new Link(), new byte[33]); // the master does not know it
        harness.lose(first);
        stale.lose();
        harness.up(data(live.id, 1, 5));
        harness.sessions.kick(stale.id);
        harness.up(data(alsoLive.id, 2, 6));

        harness.loop.advance(Duration.ofSeconds(5));
        FakeChannel second = harness.accept();
        List<FirehosePacket> heard = heard(second);
        assertThat(heard.subList(0, 2))
                .containsExactlyInAnyOrderElementsOf(packets(reconnection(live.id), reconnection(alsoLive.id)));
        assertThat(heard.subList(2, heard.size()))
                .containsExactlyElementsOf(
                        packets(data(live.id, 1, 5), failure(stale.id, Reason.CLIENT_KICKED), data(alsoLive.id, 2, 6)));
        assertThat(harness.count(Metric.MASTER_CONNECTED)).isEqualTo(2);
        assertThat(harness.count(Metric.MASTER_LOST)).isOne();
        assertThat(harness.said).as("reached for the first time but once").containsExactly("reached");
    }

    @Test
    void atEveryCutAFrameTakenInPartGoesAgainWholeAndNoneIsLostOrDoubled() {
        byte[][] frames = {data(7, 1, 3), failure(8, Reason.CLIENT_EVICTED), data(7, 2, 0), data(7, 3, 9)};
        byte[] all = concat(frames);
        for (int cut = 0; cut <= all.length; cut++) {
            UplinkHarness it = new UplinkHarness();
            FakeChannel first = it.connect().takes(cut);
            it.queue(frames[0]);
            it.ends(8, Reason.CLIENT_EVICTED);
            it.queue(frames[2]);
            it.loop.run();
            it.up(frames[3]);
            FakeChannel second = it.reconnect(first);
            int whole = 0;
            int end = 0;
            while (whole < frames.length && end + frames[whole].length <= cut) {
                end += frames[whole++].length;
            }
            assertThat(first.taken()).isEqualTo(Arrays.copyOf(all, cut));
            assertThat(second.taken())
                    .as("cut after %d bytes", cut)
                    .isEqualTo(Arrays.copyOfRange(all, end, all.length));
            it.close();
        }
    }

    @Test
    void aLinkThatDiesAmongItsAnnouncementsIsFollowedByOneThatHasThemAll() {
        FakeChannel first = harness.connect();
        UplinkHarness.Link link = harness.open();
        harness.lose(first);
        harness.up(data(link.id, 1, 5));
        harness.loop.advance(Duration.ofSeconds(5));
        FakeChannel second = harness.dialled().takes(6); // less than the Reconnection
        second.accepted();
        harness.loop.run();
        FakeChannel third = harness.reconnect(second);
        assertThat(second.taken()).hasSize(6);
        assertThat(third.taken()).isEqualTo(concat(reconnection(link.id), data(link.id, 1, 5)));
    }

    @Test
    void aReconnectionThatWaitedStandsBeforeItsData() {
        FakeChannel first = harness.connect();
        UplinkHarness.Link link = harness.open();
        link.lose();
        harness.lose(first);
        ResumeToken token = SessionDoors.find(harness.sessions, link.id);
        UplinkHarness.Link back = harness.new Link();
        harness.sessions.resume(back, token);
        harness.up(data(link.id, 1, 5));
        harness.loop.advance(Duration.ofSeconds(5));
        assertThat(heard(harness.accept()))
                .startsWith(packets(reconnection(link.id)).get(0))
                .endsWith(packets(data(link.id, 1, 5)).get(0));
    }

    @Test
    void theLogSaysWhyALinkWasLostWhetherSomethingWaitedOrNot() {
        FakeChannel first = harness.connect();
        FakeChannel second = harness.reconnect(first);
        second.takes(0);
        harness.up(data(1, 1, 5));
        FakeChannel third = harness.reconnect(second);
        third.finished();
        harness.loop.run();
        assertThat(harness.log.lines().stream().filter(line -> line.startsWith("WARN")))
                .containsExactly(
                        "WARN Master 127.0.0.1:42001: link lost (reset by peer); trying for 30 s",
                        "WARN Master 127.0.0.1:42001: link lost (reset by peer); trying for 25 s",
                        "WARN Master 127.0.0.1:42001: link lost (closed by the master); trying for 20 s");
    }

    @Test
    void theMasterIsGivenUpAfterItsTime() {
        FakeChannel first = harness.connect();
        harness.lose(first);
        for (int i = 0; i < 100 && harness.said.size() == 1; i++) {
            harness.loop.advance(Duration.ofSeconds(5));
            FakeChannel dialled = FakeChannel.nextDialled();
            if (dialled != null) {
                dialled.refused(new ConnectException("Connection refused"));
            }
        }
        assertThat(harness.said).hasSize(2);
        assertThat(harness.said.get(1)).startsWith("master.address: 127.0.0.1:42001 could not be reached for 30 s");
    }

    // ---- bounds

    @Test
    void theGateIsShutAtTheBoundOfPacketsAndOpensAtHalf() {
        bounds(4, 1_000_000);
        FakeChannel master = harness.connect().takes(0);
        harness.up(data(1, 1, 5), data(1, 2, 5), data(1, 3, 5));
        assertThat(harness.gate.isShut()).isFalse();
        harness.up(data(1, 4, 5));
        assertThat(harness.gate.isShut()).isTrue();
        assertThat(harness.uplink.notFound(99)).as("answers have a bound").isFalse();
        assertThat(harness.count(Metric.CLIENTS_HELD_BACK)).isOne();
        harness.up(data(1, 5, 5)); // was on its way
        master.takes(18 + 18); // three are left
        harness.up();
        assertThat(harness.gate.isShut()).isTrue();
        master.takes(18);
        harness.up();
        assertThat(harness.gate.isShut()).isFalse();
        assertThat(harness.count(Metric.CLIENTS_HELD_BACK)).isOne();
    }

    @Test
    void theGateIsShutAtTheBoundOfBytesAndOpensAtHalf() {
        bounds(1_000_000, 100);
        FakeChannel master = harness.connect().takes(0);
        harness.up(data(1, 1, 36), data(1, 2, 36)); // 49 bytes each
        assertThat(harness.gate.isShut()).isFalse();
        harness.up(data(1, 3, 0));
        assertThat(harness.gate.isShut()).isTrue();
        master.takes(49);
        harness.up();
        assertThat(harness.gate.isShut()).as("62 are left").isTrue();
        master.takesAll();
        harness.up();
        assertThat(harness.gate.isShut()).isFalse();
    }

    @Test
    void theGateOpensByItselfWhenTheSocketHasTakenAll() {
        bounds(1, 1_000_000);
        FakeChannel master = harness.connect().takes(0);
        harness.up(data(1, 1, 5));
        assertThat(harness.gate.isShut()).isTrue();
        master.takesAll();
        assertThat(harness.gate.isShut()).isFalse();
        assertThat(heard(master)).hasSize(1);
    }

    @Test
    void aMasterThatReadsHoldsNobodyBackHoweverMuchThereIs() {
        bounds(4, 100);
        FakeChannel master = harness.connect();
        byte[][] many = new byte[100][];
        Arrays.fill(many, data(1, 1, 50));
        harness.up(many);
        assertThat(harness.gate.isShut()).isFalse();
        assertThat(heard(master)).hasSize(100);
    }

    @Test
    void failuresAndReconnectionsCountAgainstNoBoundAndAreNeverHeldBack() {
        bounds(2, 60);
        FakeChannel master = harness.connect().takes(0);
        for (int i = 0; i < 1000; i++) {
            harness.ends(i, Reason.SERVER_STOPPING);
            harness.resumes(i);
        }
        harness.loop.run();
        assertThat(harness.gate.isShut()).isFalse();
        harness.up(data(1, 1, 5));
        assertThat(harness.gate.isShut()).isFalse();
        harness.up(data(1, 2, 5));
        assertThat(harness.gate.isShut()).isTrue();
        harness.ends(5000, Reason.CLIENT_KICKED);
        harness.loop.run();
        master.takesAll();
        assertThat(heard(master))
                .hasSize(2003)
                .endsWith(packets(failure(5000, Reason.CLIENT_KICKED)).get(0));
    }

    @Test
    void answersToWhatHasNoSessionHaveABoundAllTheSame() {
        bounds(1_000_000, 2_000);
        FakeChannel master = harness.connect().takes(0);
        byte[][] forNobody = new byte[200][];
        Arrays.fill(forNobody, data(99, 1, 0));
        for (int i = 0; i < 5; i++) {
            master.receives(concat(forNobody));
            harness.loop.run();
        }
        assertThat(harness.gate.isShut()).as("no client is held back for it").isFalse();
        assertThat(harness.count(Metric.NOT_FOUND_ANSWERED)).isBetween(2_000L / 29, 200L);
        assertThat(harness.count(Metric.NOT_FOUND_ANSWERED) + harness.count(Metric.NOT_FOUND_DROPPED))
                .isEqualTo(1_000);
        master.takesAll();
        assertThat(heard(master)).hasSize((int) harness.count(Metric.NOT_FOUND_ANSWERED));
        assertThat(harness.uplink.notFound(99)).isTrue();
    }

    @Test
    void aLargeBacklogIsOfferedBeforeTheTickEnds() {
        bounds(1, 10_000_000);
        harness.connect().takes(0);
        for (int i = 0; i < 3; i++) {
            harness.queue(data(1, i, 90_000));
        }
        assertThat(harness.gate.isShut()).as("nobody has run the loop").isTrue();
    }

    @Test
    void theBoundHoldsWhileThereIsNoMasterAsWell() {
        bounds(2, 1_000_000);
        FakeChannel first = harness.connect();
        harness.lose(first);
        harness.up(data(1, 1, 5), data(1, 2, 5));
        assertThat(harness.gate.isShut()).isTrue();
        harness.loop.advance(Duration.ofSeconds(5));
        FakeChannel second = harness.accept();
        assertThat(harness.gate.isShut()).isFalse();
        assertThat(heard(second)).hasSize(2);
    }

    @Test
    void whatWasNotOfferedYetCountsOnceTheLinkIsLost() {
        bounds(2, 1_000_000);
        FakeChannel first = harness.connect();
        harness.queue(data(1, 1, 5), data(1, 2, 5));
        first.close();
        assertThat(harness.gate.isShut()).isFalse();
        harness.loop.run();
        assertThat(harness.gate.isShut()).isTrue();
        harness.loop.advance(Duration.ofSeconds(5));
        assertThat(heard(harness.accept())).hasSize(2);
    }

    @Test
    void aLinkThatIsLostWithAFullQueueStaysAtItsBound() {
        bounds(2, 1_000_000);
        FakeChannel first = harness.connect().takes(3);
        harness.up(data(1, 1, 5), data(1, 2, 5));
        harness.lose(first);
        assertThat(harness.gate.isShut()).isTrue();
        harness.loop.advance(Duration.ofSeconds(5));
        assertThat(heard(harness.accept())).hasSize(2);
        assertThat(harness.gate.isShut()).isFalse();
    }

    @Test
    void whatWaitsForTheMasterIsCharged() {
        FakeChannel master = harness.connect().takes(0);
        harness.up(data(1, 1, 3_000), data(1, 2, 900));
        assertThat(harness.budget.heldBytes()).isGreaterThanOrEqualTo(3_013 + 913);
        master.takesAll();
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void whatWaitsOverItsBoundCountsAgainstNobody() {
        bounds(100, 3_000);
        FakeChannel master = harness.connect().takes(0);
        harness.up(data(1, 1, 1_000));
        assertThat(harness.budget.chargedBytes()).isEqualTo(harness.budget.heldBytes());
        harness.up(data(1, 2, 2_000), data(1, 3, 500));
        assertThat(harness.budget.heldBytes()).isGreaterThan(3_500);
        assertThat(harness.budget.chargedBytes()).isEqualTo(3_000);
        master.takesAll();
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void soDoesAPacketOfTheMastersWhoseEndHasNotCome() {
        bounds(100, 3_000);
        FakeChannel master = harness.connect();
        master.receives(Arrays.copyOf(data(1, 1, 50_000), 40_000));
        harness.loop.run();
        assertThat(harness.budget.heldBytes()).isGreaterThanOrEqualTo(40_000);
        assertThat(harness.budget.chargedBytes()).isEqualTo(3_000);
    }

    // ---- reading

    @Test
    void aBlockedFirehoseIsNotReadUntilItIsUnblocked() {
        FakeChannel master = harness.connect();
        UplinkHarness.Link link = harness.open();
        harness.uplink.block();
        master.receives(data(link.id, 1, 5));
        harness.loop.run();
        assertThat(link.delivered()).isEmpty();
        harness.uplink.unblock();
        harness.loop.run();
        assertThat(link.delivered()).hasSize(1);
    }

    @Test
    void aNewLinkOfABlockedFirehoseIsNotReadEither() {
        FakeChannel first = harness.connect();
        UplinkHarness.Link link = harness.open();
        harness.uplink.block();
        FakeChannel second = harness.reconnect(first);
        second.receives(data(link.id, 1, 5));
        harness.loop.run();
        assertThat(link.delivered()).isEmpty();
        harness.uplink.unblock();
        harness.loop.run();
        assertThat(link.delivered()).hasSize(1);
    }

    @Test
    void theFirehoseWaitsForAClientLoopThatIsBehind() {
        FakeChannel master = harness.connect();
        UplinkHarness.Link link = harness.open();
        harness.clientLoopFallsBehind();
        master.receives(data(link.id, 1, 5));
        harness.loop.run();
        assertThat(link.delivered()).as("what was read is there").hasSize(1);
        master.receives(data(link.id, 2, 5));
        harness.loop.run();
        assertThat(link.delivered()).isEmpty();
        harness.uplink.block();
        harness.clientLoopCatchesUp();
        assertThat(link.delivered()).as("for the other reason").isEmpty();
        harness.uplink.unblock();
        harness.loop.run();
        assertThat(link.delivered()).hasSize(1);
    }

    @Test
    void readingDoesNotWaitForWriting() {
        FakeChannel master = harness.connect().takes(0);
        UplinkHarness.Link link = harness.open();
        harness.up(data(link.id, 1, 5));
        master.receives(data(link.id, 2, 6));
        harness.loop.run();
        assertThat(link.delivered()).hasSize(1);
    }

    // ---- the end

    @Test
    void finishingSendsAllOfItShutsTheOutputAndWaitsForTheMastersFin() {
        FakeChannel master = harness.connect().takes(3);
        harness.queue(data(1, 1, 5));
        harness.ends(1, Reason.SERVER_STOPPING);
        harness.uplink.finish(() -> harness.said.add("finished"));
        harness.loop.run();
        assertThat(master.isOutputShutdown()).isFalse();
        master.takesAll();
        harness.loop.run();
        assertThat(master.taken()).isEqualTo(concat(data(1, 1, 5), failure(1, Reason.SERVER_STOPPING)));
        assertThat(master.isOutputShutdown()).isTrue();
        assertThat(harness.said).doesNotContain("finished");
        master.finished();
        harness.loop.run();
        assertThat(harness.said).containsExactly("reached", "finished");
        assertThat(FakeChannel.nextDialled()).isNull();
    }

    @Test
    void aMasterThatDoesNotCloseIsResetInTheEnd() {
        FakeChannel master = harness.connect();
        harness.uplink.finish(() -> harness.said.add("finished"));
        harness.loop.advance(Duration.ofSeconds(5).minusNanos(1));
        assertThat(harness.said).doesNotContain("finished");
        harness.loop.advance(Duration.ofNanos(1));
        assertThat(master.wasReset()).isTrue();
        assertThat(harness.said).contains("finished");
    }

    @Test
    void aLinkThatWasRefusedIsWaitedForAsWell() {
        FakeChannel master = harness.connect();
        master.receives(Bytes.u32(-1)); // over every limit
        harness.loop.run();
        assertThat(master.isOutputShutdown()).isTrue();
        harness.uplink.finish(() -> harness.said.add("finished"));
        harness.loop.advance(Duration.ofSeconds(4));
        assertThat(harness.said).doesNotContain("finished");
        master.finished();
        harness.loop.run();
        assertThat(harness.said).contains("finished");
        assertThat(master.wasReset()).isFalse();
    }

    @Test
    void closingEndsTheLinksThatLingerAsWell() {
        FakeChannel refused = harness.connect();
        refused.receives(Bytes.u32(-1));
        harness.loop.run();
        harness.loop.advance(Duration.ofSeconds(1));
        FakeChannel last = harness.accept();
        harness.uplink.finish(() -> harness.said.add("finished"));
        harness.uplink.close();
        assertThat(refused.wasReset()).isTrue();
        assertThat(last.wasReset()).isTrue();
    }

    @Test
    void withNothingToSayAndNoMasterItIsFinishedAtOnce() {
        FakeChannel master = harness.connect();
        harness.lose(master);
        harness.uplink.finish(() -> harness.said.add("finished"));
        assertThat(harness.said).contains("finished");
        harness.loop.advance(Duration.ofSeconds(5));
        assertThat(FakeChannel.nextDialled()).isNull();
    }

    @Test
    void whatIsLeftToSayWaitsForTheMasterToComeBack() {
        FakeChannel first = harness.connect();
        harness.lose(first);
        harness.ends(1, Reason.SERVER_STOPPING);
        harness.uplink.finish(() -> harness.said.add("finished"));
        harness.loop.advance(Duration.ofSeconds(5));
        FakeChannel second = harness.accept();
        assertThat(heard(second)).containsExactlyElementsOf(packets(failure(1, Reason.SERVER_STOPPING)));
        second.finished();
        harness.loop.run();
        assertThat(harness.said).contains("finished");
    }

    @Test
    void closingDropsWhatIsQueuedAndDialsNoMore() {
        FakeChannel master = harness.connect().takes(0);
        harness.up(data(1, 1, 5_000));
        harness.ends(1, Reason.CLIENT_KICKED);
        harness.uplink.close();
        harness.loop.run();
        assertThat(master.isOpen()).isFalse();
        assertThat(harness.budget.heldBytes()).isZero();
        harness.loop.advance(Duration.ofMinutes(1));
        assertThat(FakeChannel.nextDialled()).isNull();
    }

    @Test
    void whatLoopsThatHaveNotEndedBringAfterItWasClosedIsDropped() {
        harness.connect();
        harness.uplink.close();
        harness.up(data(1, 1, 50));
        harness.ends(1, Reason.CLIENT_DISCONNECTED);
        harness.resumes(2);
        harness.loop.run();
        assertThat(harness.budget.heldBytes()).isZero();
    }
}
