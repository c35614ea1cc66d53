package net.voltlane.server.uplink;

import static net.voltlane.server.uplink.UplinkBench.data;
import static net.voltlane.server.uplink.UplinkBench.failure;
import static net.voltlane.server.uplink.UplinkBench.heard;
import static net.voltlane.server.uplink.UplinkBench.packets;
import static net.voltlane.server.uplink.UplinkBench.reconnection;
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
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
final class MasterUplinkTest {
    private UplinkBench bench = new UplinkBench();

    @AfterEach
    void close() {
        bench.close();
    }

    private void bounds(int packets, int bytes) {
        bench.close();
        bench = new UplinkBench(new UplinkSettings(
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
        FakeChannel master = bench.connect();
        assertThat(bench.said).containsExactly("reached");
        bench.queue(data(1, 1, 5));
        bench.uplink.flushSoon();
        assertThat(master.taken()).isEmpty();
        bench.up(data(2, 2, 6));
        assertThat(master.taken()).isEqualTo(concat(data(1, 1, 5), data(2, 2, 6)));
        assertThat(bench.budget.heldBytes()).isZero();
    }

    @Test
    void failuresAndReconnectionsKeepTheirPlaceAmongData() {
        FakeChannel master = bench.connect();
        bench.queue(data(1, 1, 5));
        bench.uplink.failure(1, Reason.CLIENT_KICKED);
        bench.uplink.reconnection(2);
        bench.queue(data(2, 2, 6));
        bench.uplink.failure(2, Reason.CLIENT_EVICTED);
        bench.loop.run();
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
        FakeChannel master = bench.connect();
        for (Reason reason : Reason.values()) {
            bench.uplink.failure(reason.ordinal(), reason);
        }
        bench.loop.run();
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
                        "Server stopping");
    }

    @Test
    void manyFailuresArriveInOrder() {
        FakeChannel master = bench.connect();
        byte[][] all = new byte[1000][];
        for (int i = 0; i < all.length; i++) {
            bench.uplink.failure(i, Reason.SERVER_STOPPING);
            all[i] = failure(i, Reason.SERVER_STOPPING);
        }
        bench.loop.run();
        assertThat(heard(master)).containsExactlyElementsOf(packets(all));
    }

    @Test
    void whatComesBeforeTheMasterWasReachedWaits() {
        bench.uplink.start(bench.sessions);
        bench.up(data(1, 1, 5));
        bench.uplink.failure(1, Reason.CLIENT_KICKED);
        bench.loop.run();
        FakeChannel master = bench.accept();
        assertThat(master.taken()).isEqualTo(concat(data(1, 1, 5), failure(1, Reason.CLIENT_KICKED)));
        assertThat(bench.budget.heldBytes()).isZero();
    }

    // ---- a new link

    @Test
    void aNewLinkGetsReconnectionsForWhoIsLiveAndHeardOfThenWhatWaited() {
        FakeChannel first = bench.connect();
        UplinkBench.Link live = bench.open();
        UplinkBench.Link stale = bench.open();
        UplinkBench.Link alsoLive = bench.open();
        bench.sessions.open(bench.new Link(), new byte[33]); // nobody has heard of it
        bench.lose(first);
        stale.lose();
        bench.up(data(live.id, 1, 5));
        bench.sessions.kick(stale.id);
        bench.up(data(alsoLive.id, 2, 6));

        bench.loop.advance(Duration.ofSeconds(5));
        FakeChannel second = bench.accept();
        List<FirehosePacket> heard = heard(second);
        assertThat(heard.subList(0, 2))
                .containsExactlyInAnyOrderElementsOf(packets(reconnection(live.id), reconnection(alsoLive.id)));
        assertThat(heard.subList(2, heard.size()))
                .containsExactlyElementsOf(
                        packets(data(live.id, 1, 5), failure(stale.id, Reason.CLIENT_KICKED), data(alsoLive.id, 2, 6)));
        assertThat(bench.count(Metric.MASTER_CONNECTED)).isEqualTo(2);
        assertThat(bench.count(Metric.MASTER_LOST)).isOne();
        assertThat(bench.said).as("reached for the first time but once").containsExactly("reached");
    }

    @Test
    void atEveryCutAFrameTakenInPartGoesAgainWholeAndNoneIsLostOrDoubled() {
        byte[][] frames = {data(7, 1, 3), failure(8, Reason.CLIENT_EVICTED), data(7, 2, 0), data(7, 3, 9)};
        byte[] all = concat(frames);
        for (int cut = 0; cut <= all.length; cut++) {
            UplinkBench it = new UplinkBench();
            FakeChannel first = it.connect().takes(cut);
            it.queue(frames[0]);
            it.uplink.failure(8, Reason.CLIENT_EVICTED);
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
        FakeChannel first = bench.connect();
        UplinkBench.Link link = bench.open();
        bench.lose(first);
        bench.up(data(link.id, 1, 5));
        bench.loop.advance(Duration.ofSeconds(5));
        FakeChannel second = bench.dialled().takes(6); // less than the Reconnection
        second.accepted();
        bench.loop.run();
        FakeChannel third = bench.reconnect(second);
        assertThat(second.taken()).hasSize(6);
        assertThat(third.taken()).isEqualTo(concat(reconnection(link.id), data(link.id, 1, 5)));
    }

    @Test
    void aReconnectionThatWaitedStandsBeforeItsData() {
        FakeChannel first = bench.connect();
        UplinkBench.Link link = bench.open();
        link.lose();
        bench.lose(first);
        byte[] key = bench.sessions.keyOf(link.id);
        UplinkBench.Link back = bench.new Link();
        bench.sessions.resume(back, link.id, key);
        bench.up(data(link.id, 1, 5));
        bench.loop.advance(Duration.ofSeconds(5));
        assertThat(heard(bench.accept()))
                .startsWith(packets(reconnection(link.id)).get(0))
                .endsWith(packets(data(link.id, 1, 5)).get(0));
    }

    @Test
    void theLogSaysWhyALinkWasLostWhetherSomethingWaitedOrNot() {
        FakeChannel first = bench.connect();
        FakeChannel second = bench.reconnect(first);
        second.takes(0);
        bench.up(data(1, 1, 5));
        FakeChannel third = bench.reconnect(second);
        third.finished();
        bench.loop.run();
        assertThat(bench.log.lines().stream().filter(line -> line.startsWith("WARN")))
                .containsExactly(
                        "WARN Master 127.0.0.1:42001: link lost (reset by peer); trying for 30 s",
                        "WARN Master 127.0.0.1:42001: link lost (reset by peer); trying for 25 s",
                        "WARN Master 127.0.0.1:42001: link lost (closed by the master); trying for 20 s");
    }

    @Test
    void theMasterIsGivenUpAfterItsTime() {
        FakeChannel first = bench.connect();
        bench.lose(first);
        for (int i = 0; i < 100 && bench.said.size() == 1; i++) {
            bench.loop.advance(Duration.ofSeconds(5));
            FakeChannel dialled = FakeChannel.nextDialled();
            if (dialled != null) {
                dialled.refused(new ConnectException("Connection refused"));
            }
        }
        assertThat(bench.said).hasSize(2);
        assertThat(bench.said.get(1)).startsWith("master.address: 127.0.0.1:42001 could not be reached for 30 s");
    }

    // ---- bounds

    @Test
    void theGateIsShutAtTheBoundOfPacketsAndOpensAtHalf() {
        bounds(4, 1_000_000);
        FakeChannel master = bench.connect().takes(0);
        bench.up(data(1, 1, 5), data(1, 2, 5), data(1, 3, 5));
        assertThat(bench.gate.isShut()).isFalse();
        bench.up(data(1, 4, 5));
        assertThat(bench.gate.isShut()).isTrue();
        assertThat(bench.uplink.isAtBound()).isTrue();
        assertThat(bench.count(Metric.CLIENTS_HELD_BACK)).isOne();
        bench.up(data(1, 5, 5)); // was on its way
        master.takes(18 + 18); // three are left
        bench.up();
        assertThat(bench.gate.isShut()).isTrue();
        master.takes(18);
        bench.up();
        assertThat(bench.gate.isShut()).isFalse();
        assertThat(bench.count(Metric.CLIENTS_HELD_BACK)).isOne();
    }

    @Test
    void theGateIsShutAtTheBoundOfBytesAndOpensAtHalf() {
        bounds(1_000_000, 100);
        FakeChannel master = bench.connect().takes(0);
        bench.up(data(1, 1, 36), data(1, 2, 36)); // 49 bytes each
        assertThat(bench.gate.isShut()).isFalse();
        bench.up(data(1, 3, 0));
        assertThat(bench.gate.isShut()).isTrue();
        master.takes(49);
        bench.up();
        assertThat(bench.gate.isShut()).as("62 are left").isTrue();
        master.takesAll();
        bench.up();
        assertThat(bench.gate.isShut()).isFalse();
    }

    @Test
    void theGateOpensByItselfWhenTheSocketHasTakenAll() {
        bounds(1, 1_000_000);
        FakeChannel master = bench.connect().takes(0);
        bench.up(data(1, 1, 5));
        assertThat(bench.gate.isShut()).isTrue();
        master.takesAll();
        assertThat(bench.gate.isShut()).isFalse();
        assertThat(heard(master)).hasSize(1);
    }

    @Test
    void aMasterThatReadsHoldsNobodyBackHoweverMuchThereIs() {
        bounds(4, 100);
        FakeChannel master = bench.connect();
        byte[][] many = new byte[100][];
        Arrays.fill(many, data(1, 1, 50));
        bench.up(many);
        assertThat(bench.gate.isShut()).isFalse();
        assertThat(heard(master)).hasSize(100);
    }

    @Test
    void failuresAndReconnectionsCountAgainstNoBoundAndAreNeverHeldBack() {
        bounds(2, 60);
        FakeChannel master = bench.connect().takes(0);
        for (int i = 0; i < 1000; i++) {
            bench.uplink.failure(i, Reason.SERVER_STOPPING);
            bench.uplink.reconnection(i);
        }
        bench.loop.run();
        assertThat(bench.gate.isShut()).isFalse();
        bench.up(data(1, 1, 5));
        assertThat(bench.gate.isShut()).isFalse();
        bench.up(data(1, 2, 5));
        assertThat(bench.gate.isShut()).isTrue();
        bench.uplink.failure(5000, Reason.CLIENT_KICKED);
        bench.loop.run();
        master.takesAll();
        assertThat(heard(master))
                .hasSize(2003)
                .endsWith(packets(failure(5000, Reason.CLIENT_KICKED)).get(0));
    }

    @Test
    void answersToWhatHasNoSessionHaveABoundAllTheSame() {
        bounds(1_000_000, 2_000);
        FakeChannel master = bench.connect().takes(0);
        byte[][] forNobody = new byte[200][];
        Arrays.fill(forNobody, data(99, 1, 0));
        for (int i = 0; i < 5; i++) {
            master.receives(concat(forNobody));
            bench.loop.run();
        }
        assertThat(bench.gate.isShut()).as("no client is held back for it").isFalse();
        assertThat(bench.count(Metric.NOT_FOUND_ANSWERED)).isBetween(2_000L / 29, 200L);
        assertThat(bench.count(Metric.NOT_FOUND_ANSWERED) + bench.count(Metric.NOT_FOUND_DROPPED))
                .isEqualTo(1_000);
        master.takesAll();
        assertThat(heard(master)).hasSize((int) bench.count(Metric.NOT_FOUND_ANSWERED));
        assertThat(bench.uplink.isAtBound()).isFalse();
    }

    @Test
    void aLargeBacklogIsOfferedBeforeTheTickEnds() {
        bounds(1, 10_000_000);
        bench.connect().takes(0);
        for (int i = 0; i < 3; i++) {
            bench.queue(data(1, i, 90_000));
        }
        assertThat(bench.gate.isShut()).as("nobody has run the loop").isTrue();
    }

    @Test
    void theBoundHoldsWhileThereIsNoMasterAsWell() {
        bounds(2, 1_000_000);
        FakeChannel first = bench.connect();
        bench.lose(first);
        bench.up(data(1, 1, 5), data(1, 2, 5));
        assertThat(bench.gate.isShut()).isTrue();
        bench.loop.advance(Duration.ofSeconds(5));
        FakeChannel second = bench.accept();
        assertThat(bench.gate.isShut()).isFalse();
        assertThat(heard(second)).hasSize(2);
    }

    @Test
    void whatWasNotOfferedYetCountsOnceTheLinkIsLost() {
        bounds(2, 1_000_000);
        FakeChannel first = bench.connect();
        bench.queue(data(1, 1, 5), data(1, 2, 5));
        first.close();
        assertThat(bench.gate.isShut()).isFalse();
        bench.loop.run();
        assertThat(bench.gate.isShut()).isTrue();
        bench.loop.advance(Duration.ofSeconds(5));
        assertThat(heard(bench.accept())).hasSize(2);
    }

    @Test
    void aLinkThatIsLostWithAFullQueueStaysAtItsBound() {
        bounds(2, 1_000_000);
        FakeChannel first = bench.connect().takes(3);
        bench.up(data(1, 1, 5), data(1, 2, 5));
        bench.lose(first);
        assertThat(bench.gate.isShut()).isTrue();
        bench.loop.advance(Duration.ofSeconds(5));
        assertThat(heard(bench.accept())).hasSize(2);
        assertThat(bench.gate.isShut()).isFalse();
    }

    @Test
    void whatWaitsForTheMasterIsCharged() {
        FakeChannel master = bench.connect().takes(0);
        bench.up(data(1, 1, 3_000), data(1, 2, 900));
        assertThat(bench.budget.heldBytes()).isGreaterThanOrEqualTo(3_013 + 913);
        master.takesAll();
        assertThat(bench.budget.heldBytes()).isZero();
    }

    @Test
    void whatWaitsOverItsBoundCountsAgainstNobody() {
        bounds(100, 3_000);
        FakeChannel master = bench.connect().takes(0);
        bench.up(data(1, 1, 1_000));
        assertThat(bench.budget.chargedBytes()).isEqualTo(bench.budget.heldBytes());
        bench.up(data(1, 2, 2_000), data(1, 3, 500));
        assertThat(bench.budget.heldBytes()).isGreaterThan(3_500);
        assertThat(bench.budget.chargedBytes()).isEqualTo(3_000);
        master.takesAll();
        assertThat(bench.budget.heldBytes()).isZero();
    }

    @Test
    void soDoesAPacketOfTheMastersWhoseEndHasNotCome() {
        bounds(100, 3_000);
        FakeChannel master = bench.connect();
        master.receives(Arrays.copyOf(data(1, 1, 50_000), 40_000));
        bench.loop.run();
        assertThat(bench.budget.heldBytes()).isGreaterThanOrEqualTo(40_000);
        assertThat(bench.budget.chargedBytes()).isEqualTo(3_000);
    }

    // ---- reading

    @Test
    void aBlockedFirehoseIsNotReadUntilItIsUnblocked() {
        FakeChannel master = bench.connect();
        UplinkBench.Link link = bench.open();
        bench.uplink.block();
        master.receives(data(link.id, 1, 5));
        bench.loop.run();
        assertThat(link.delivered()).isEmpty();
        bench.uplink.unblock();
        bench.loop.run();
        assertThat(link.delivered()).hasSize(1);
    }

    @Test
    void aNewLinkOfABlockedFirehoseIsNotReadEither() {
        FakeChannel first = bench.connect();
        UplinkBench.Link link = bench.open();
        bench.uplink.block();
        FakeChannel second = bench.reconnect(first);
        second.receives(data(link.id, 1, 5));
        bench.loop.run();
        assertThat(link.delivered()).isEmpty();
        bench.uplink.unblock();
        bench.loop.run();
        assertThat(link.delivered()).hasSize(1);
    }

    @Test
    void theFirehoseWaitsForAClientLoopThatIsBehind() {
        FakeChannel master = bench.connect();
        UplinkBench.Link link = bench.open();
        bench.loopBehind = true;
        master.receives(data(link.id, 1, 5));
        bench.loop.run();
        assertThat(link.delivered()).as("what was read is there").hasSize(1);
        master.receives(data(link.id, 2, 5));
        bench.loop.run();
        assertThat(link.delivered()).isEmpty();
        bench.uplink.block();
        bench.loopBehind = false;
        bench.uplink.clientLoopsCaughtUp();
        bench.loop.run();
        assertThat(link.delivered()).as("for the other reason").isEmpty();
        bench.uplink.unblock();
        bench.loop.run();
        assertThat(link.delivered()).hasSize(1);
    }

    @Test
    void readingDoesNotWaitForWriting() {
        FakeChannel master = bench.connect().takes(0);
        UplinkBench.Link link = bench.open();
        bench.up(data(link.id, 1, 5));
        master.receives(data(link.id, 2, 6));
        bench.loop.run();
        assertThat(link.delivered()).hasSize(1);
    }

    // ---- the end

    @Test
    void finishingSendsAllOfItShutsTheOutputAndWaitsForTheMastersFin() {
        FakeChannel master = bench.connect().takes(3);
        bench.queue(data(1, 1, 5));
        bench.uplink.failure(1, Reason.SERVER_STOPPING);
        bench.uplink.finish(() -> bench.said.add("finished"));
        bench.loop.run();
        assertThat(master.isOutputShutdown()).isFalse();
        master.takesAll();
        bench.loop.run();
        assertThat(master.taken()).isEqualTo(concat(data(1, 1, 5), failure(1, Reason.SERVER_STOPPING)));
        assertThat(master.isOutputShutdown()).isTrue();
        assertThat(bench.said).doesNotContain("finished");
        master.finished();
        bench.loop.run();
        assertThat(bench.said).containsExactly("reached", "finished");
        assertThat(FakeChannel.nextDialled()).isNull();
    }

    @Test
    void aMasterThatDoesNotCloseIsResetInTheEnd() {
        FakeChannel master = bench.connect();
        bench.uplink.finish(() -> bench.said.add("finished"));
        bench.loop.advance(Duration.ofSeconds(5).minusNanos(1));
        assertThat(bench.said).doesNotContain("finished");
        bench.loop.advance(Duration.ofNanos(1));
        assertThat(master.wasReset()).isTrue();
        assertThat(bench.said).contains("finished");
    }

    @Test
    void aLinkThatWasRefusedIsWaitedForAsWell() {
        FakeChannel master = bench.connect();
        master.receives(Bytes.u32(-1)); // over every limit
        bench.loop.run();
        assertThat(master.isOutputShutdown()).isTrue();
        bench.uplink.finish(() -> bench.said.add("finished"));
        bench.loop.advance(Duration.ofSeconds(4));
        assertThat(bench.said).doesNotContain("finished");
        master.finished();
        bench.loop.run();
        assertThat(bench.said).contains("finished");
        assertThat(master.wasReset()).isFalse();
    }

    @Test
    void closingEndsTheLinksThatLingerAsWell() {
        FakeChannel refused = bench.connect();
        refused.receives(Bytes.u32(-1));
        bench.loop.run();
        bench.loop.advance(Duration.ofSeconds(1));
        FakeChannel last = bench.accept();
        bench.uplink.finish(() -> bench.said.add("finished"));
        bench.uplink.close();
        assertThat(refused.wasReset()).isTrue();
        assertThat(last.wasReset()).isTrue();
    }

    @Test
    void withNothingToSayAndNoMasterItIsFinishedAtOnce() {
        FakeChannel master = bench.connect();
        bench.lose(master);
        bench.uplink.finish(() -> bench.said.add("finished"));
        assertThat(bench.said).contains("finished");
        bench.loop.advance(Duration.ofSeconds(5));
        assertThat(FakeChannel.nextDialled()).isNull();
    }

    @Test
    void whatIsLeftToSayWaitsForTheMasterToComeBack() {
        FakeChannel first = bench.connect();
        bench.lose(first);
        bench.uplink.failure(1, Reason.SERVER_STOPPING);
        bench.uplink.finish(() -> bench.said.add("finished"));
        bench.loop.advance(Duration.ofSeconds(5));
        FakeChannel second = bench.accept();
        assertThat(heard(second)).containsExactlyElementsOf(packets(failure(1, Reason.SERVER_STOPPING)));
        second.finished();
        bench.loop.run();
        assertThat(bench.said).contains("finished");
    }

    @Test
    void closingDropsWhatIsQueuedAndDialsNoMore() {
        FakeChannel master = bench.connect().takes(0);
        bench.up(data(1, 1, 5_000));
        bench.uplink.failure(1, Reason.CLIENT_KICKED);
        bench.uplink.close();
        bench.loop.run();
        assertThat(master.isOpen()).isFalse();
        assertThat(bench.budget.heldBytes()).isZero();
        bench.loop.advance(Duration.ofMinutes(1));
        assertThat(FakeChannel.nextDialled()).isNull();
    }

    @Test
    void whatLoopsThatHaveNotEndedBringAfterItWasClosedIsDropped() {
        bench.connect();
        bench.uplink.close();
        bench.up(data(1, 1, 50));
        bench.uplink.failure(1, Reason.CLIENT_DISCONNECTED);
        bench.uplink.reconnection(2);
        bench.loop.run();
        assertThat(bench.budget.heldBytes()).isZero();
    }
}
