package net.voltlane.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.voltlane.fuzz.Aftermath;
import net.voltlane.fuzz.Script;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.server.edge.ClientOracle.Joined;
import net.voltlane.server.edge.ClientOracle.Progress;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.Bytes;

/**
 * A connection on which anything comes, cut anywhere and ended anyhow, from somebody who has got so far by honest
 * means: nowhere, up to a challenge for another's session, up to the Ping of their own, into a session.
 * {@link ClientOracle} says what must come of it. A client who lives beside it notices nothing, every refusal is
 * counted, and nothing is left.
 *
 * <p>An input: how far they got, how it ends, how it is cut (see {@link Script#pieces}), and what they send.
 */
final class ClientConnectionFuzzTest {
    private static final int MAX_FRAME_BYTES = 2_000;
    private static final EdgeSettings SETTINGS = new EdgeSettings(
            MAX_FRAME_BYTES, EdgeHarness.HANDSHAKE_TIMEOUT.toNanos(), new QueueBounds(1_000, 10_000_000), false, 0);
    /** Buffers are at least so large, and at most four times what they are for. */
    private static final int LEAST_HELD_BYTES = 1024;

    /** The ways in which a connection ends: only when the server stops, or by the peer. */
    enum Ending {
        STAYS,
        FIN,
        RESET
    }

    @FuzzTest
    void anyConnection(byte[] input) {
        Script script = new Script(input);
        Progress progress = script.choice(Progress.class);
        Ending ending = script.choice(Ending.class);
        List<byte[]> pieces = script.pieces();
        ClientOracle expected = ClientOracle.of(progress, Bytes.concat(pieces.toArray(byte[][]::new)), MAX_FRAME_BYTES);
        Aftermath.of(() -> connection(progress, pieces, ending, expected));
    }

    private static void connection(Progress progress, List<byte[]> pieces, Ending ending, ClientOracle expected) {
        try (EdgeHarness harness = new EdgeHarness(SETTINGS)) {
            EdgeClient neighbour = harness.open();
            EdgeClient stranger = arrived(harness, progress, neighbour);
            long opened = harness.count(Metric.SESSIONS_OPENED);
            send(stranger, pieces);
            List<FirehosePacket> heard = harness.master.received();
            end(stranger, ending);
            harness.advance(EdgeHarness.HANDSHAKE_TIMEOUT);

            assertThat(harness.count(Metric.SESSIONS_OPENED) - opened)
                    .as("sessions opened")
                    .isEqualTo(expected.joined() == Joined.BY_A_NEW_KEY ? 1 : 0);
            assertThat(harness.count(Metric.SESSIONS_RESUMED) + harness.count(Metric.SESSIONS_TAKEN_OVER))
                    .as("sessions resumed")
                    .isEqualTo(expected.joined() == Joined.BY_A_PROOF ? 1 : 0);
            assertThat(data(heard)).containsExactlyElementsOf(expected.data());
            assertThat(events(heard)).containsExactlyElementsOf(expected.events());
            // Who is not let in is refused, or not ready in time, or goes before that: each is counted, once.
            boolean joined = expected.joined() != null;
            assertThat(refusals(harness)).as("refusals counted").isEqualTo(joined ? 0 : 1);
            assertThat(joined || stranger.isClosed())
                    .as("let in, or closed in the end")
                    .isTrue();
            livesOn(neighbour);
            assertThat(harness.log.lines()).noneMatch(line -> line.startsWith("ERROR"));
        }
    }

    /**
     * Somebody who has done the handshake as far as {@code progress} says, with a session of their own where it takes
     * one.
     */
    private static EdgeClient arrived(EdgeHarness harness, Progress progress, EdgeClient neighbour) {
        EdgeClient stranger = harness.connect();
        switch (progress) {
            case NOWHERE -> {}
            case CLAIMED -> {
                stranger.id = neighbour.id;
                stranger.challenge();
            }
            case PROVED -> {
                stranger.open();
                stranger.send(Frame.of(Bytes.utf8("hello"))); // so that the master is told of its return
                stranger = stranger.again();
                stranger.send(new ChallengeResponse(stranger.answerTo(stranger.challenge())));
            }
            case LIVE -> stranger.open();
        }
        harness.master.received();
        return stranger;
    }

    private static void send(EdgeClient stranger, List<byte[]> pieces) {
        int sentBytes = 0;
        for (byte[] piece : pieces) {
            stranger.send(piece);
            sentBytes += piece.length;
            assertThat(stranger.harness.budget.heldBytes())
                    .as("held for %d bytes that came", sentBytes)
                    .isLessThanOrEqualTo(LEAST_HELD_BYTES + 4L * sentBytes);
        }
    }

    private static void end(EdgeClient stranger, Ending ending) {
        FakeChannel channel = stranger.channel;
        if (!channel.isOpen()) {
            return; // the server was first, and hears no more of it
        }
        switch (ending) {
            case STAYS -> {}
            case FIN -> channel.finished();
            case RESET -> channel.broken(new IOException("reset by peer"));
        }
        stranger.harness.run();
    }

    private static void livesOn(EdgeClient neighbour) {
        EdgeHarness harness = neighbour.harness;
        harness.master.received();
        neighbour.send(Frame.of(Bytes.utf8("up")));
        assertThat(harness.master.dataOf(neighbour.id)).containsExactly(Bytes.utf8("up"));
        harness.send(neighbour.id, Bytes.utf8("down"));
        harness.run();
        assertThat(neighbour.data()).containsExactly(Bytes.utf8("down"));
        assertThat(neighbour.isClosed()).isFalse();
    }

    private static long refusals(EdgeHarness harness) {
        return Arrays.stream(Metric.values())
                .filter(metric -> metric.name().startsWith("REJECTED_") || metric == Metric.HANDSHAKES_ABANDONED)
                .mapToLong(harness::count)
                .sum();
    }

    private static List<byte[]> data(List<FirehosePacket> heard) {
        List<byte[]> data = new ArrayList<>();
        heard.stream().filter(packet -> packet.flag() == Flag.DATA).forEach(packet -> data.add(packet.data()));
        return data;
    }

    private static List<String> events(List<FirehosePacket> heard) {
        return heard.stream()
                .filter(packet -> packet.flag() != Flag.DATA)
                .map(packet -> packet.flag() + " " + Bytes.text(packet.data()))
                .toList();
    }
}
