package net.voltlane.systemtest.cuts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import net.voltlane.protocol.link3.FrameType;
import net.voltlane.testkit.Direction;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.cuts.Cut;
import net.voltlane.testkit.cuts.LinkKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Links of the client SDK that are cut at every byte, with the backend SDK at the other end: in use, and while they close. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
final class SdkCutTest {
    private static final int CLIENTS = 16;
    private static final int PACKETS = 3;
    /** The bytes of a resume, of {@link #PACKETS} packets and their acknowledgements: more than there are. */
    private static final int ROUND_BYTES = 220;
    /** The bytes of {@link #PACKETS} packets, of Leave, Close and acknowledgements: more than there are. */
    private static final int CLOSE_BYTES = 130;

    private static final int ACK_BYTES = 13;
    private static final int LEAVE_BYTES = 5;
    private static final int CLOSE_FRAME_BYTES = 13;

    private final Coverage coverage = new Coverage(LinkKind.CLIENT);

    /** Every byte of a link in both directions, by a reset and by a FIN in turn. */
    private static Deque<Cut> everyByte(int bytes) {
        Deque<Cut> places = new ArrayDeque<>();
        for (int at = 1; at <= bytes; at++) {
            places.add(Cut.behind(Direction.OUT, at, Cut.How.values()[at % 2]));
            places.add(Cut.behind(Direction.BACK, at, Cut.How.values()[(at + 1) % 2]));
        }
        return places;
    }

    private static void everyByteOf(int type, Direction direction, int bytes, Deque<Cut> places) {
        for (int at = 1; at <= bytes; at++) {
            for (Cut.How how : Cut.How.values()) {
                places.add(new Cut(direction, type, at, how));
            }
        }
    }

    @Test
    void aLinkIsCutAtEveryByteOfAResumeAndOfData() throws Exception {
        Deque<Cut> places = everyByte(ROUND_BYTES);
        try (SdkCutStage stage = new SdkCutStage()) {
            List<SdkCutStage.Peer> peers = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                peers.add(stage.peer());
            }
            while (!places.isEmpty()) {
                for (SdkCutStage.Peer peer : peers) {
                    if (!places.isEmpty()) {
                        peer.relay.cutNext(places.remove());
                        peer.relay.reset();
                    }
                    for (int i = 0; i < PACKETS; i++) {
                        peer.send();
                    }
                }
                stage.run("both ends have got all", () -> peers.stream().allMatch(SdkCutStage.Peer::hasAll));
            }
            stage.run("all is acknowledged", () -> peers.stream().allMatch(peer -> peer.client.unacknowledged() == 0));
            for (SdkCutStage.Peer peer : peers) {
                coverage.add(peer.relay.cuts());
                assertThat(peer.client.discardedPackets()).isZero();
                stage.get("a client leaves", () -> {
                    peer.client.close();
                    return true;
                });
            }
        }
        coverage.isWholeFor(Direction.OUT, LinkKind.VERSION, FrameType.RESUME, FrameType.ANSWER, FrameType.DATA);
        coverage.isWholeFor(Direction.BACK, FrameType.CHALLENGE, FrameType.RESUMED, FrameType.DATA);
    }

    /** Close waits for acknowledgements, and resumes for them: all that was sent before has come when it returns. */
    @Test
    void aLinkIsCutAtEveryByteWhileItCloses() throws Exception {
        Deque<Cut> places = everyByte(CLOSE_BYTES);
        everyByteOf(FrameType.ACK, Direction.BACK, ACK_BYTES, places);
        everyByteOf(FrameType.LEAVE, Direction.OUT, LEAVE_BYTES, places);
        everyByteOf(FrameType.CLOSE, Direction.BACK, CLOSE_FRAME_BYTES, places);
        try (SdkCutStage stage = new SdkCutStage()) {
            while (!places.isEmpty()) {
                Map<SdkCutStage.Peer, Future<Boolean>> closing = new LinkedHashMap<>();
                for (int i = 0; i < CLIENTS && !places.isEmpty(); i++) {
                    SdkCutStage.Peer peer = stage.peer();
                    peer.relay.cut(places.remove());
                    for (int n = 0; n < PACKETS; n++) {
                        peer.send();
                    }
                    closing.put(peer, stage.begin(() -> {
                        peer.client.close();
                        return true;
                    }));
                }
                stage.run("all have closed", () -> closing.values().stream().allMatch(Future::isDone));
                for (SdkCutStage.Peer peer : closing.keySet()) {
                    assertThat(closing.get(peer).get()).isTrue();
                    assertThat(peer.client.unacknowledged()).isZero();
                    assertThat(peer.client.discardedPackets()).isZero();
                    assertThat(stage.arrived(peer.client.sessionId())).isEqualTo(peer.sent());
                    coverage.add(peer.relay.cuts());
                    if (peer.relay.cuts().isEmpty()) {
                        stage.run("its end is told", () -> stage.hasEnded(peer.client.sessionId()));
                    }
                }
            }
        }
        coverage.isWholeFor(Direction.OUT, FrameType.DATA, FrameType.LEAVE);
        coverage.isWholeFor(Direction.BACK, FrameType.ACK, FrameType.CLOSE);
    }
}
