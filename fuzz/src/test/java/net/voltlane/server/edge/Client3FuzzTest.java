package net.voltlane.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.voltlane.fuzz.Aftermath;
import net.voltlane.fuzz.Script;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.link3.Ack;
import net.voltlane.protocol.link3.Challenge;
import net.voltlane.protocol.link3.Close;
import net.voltlane.protocol.link3.Data;
import net.voltlane.protocol.link3.LinkFrame;
import net.voltlane.protocol.link3.Opened;
import net.voltlane.protocol.link3.Pong;
import net.voltlane.server.edge.Client3Oracle.Progress;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.Bytes;

/**
 * Fuzzes the server's end of a client link of version 3: any bytes, cut anywhere and ended anyhow, from a client that has
 * got so far by honest means. {@link Client3Oracle} says what must come of it: what the master hears, which Pings are
 * answered, and for what reason the session ends. A client beside it notices nothing, every refusal is counted and told,
 * and nothing is left.
 *
 * <p>An input: how far the client got, how it ends, how it is cut (see {@link Script#pieces}), and what it sends.
 */
final class Client3FuzzTest {
    private static final int MAX_DATA_BYTES = 2_000;
    private static final int DOWN_PACKETS = 3;
    private static final EdgeSettings SETTINGS = new EdgeSettings(
            MAX_DATA_BYTES, EdgeHarness.HANDSHAKE_TIMEOUT.toNanos(), new QueueBounds(1_000, 10_000_000), false, 0);
    /** Buffers are at least so large, and at most four times what they are for. */
    private static final int LEAST_HELD_BYTES = 70_000;

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
        long sent = progress == Progress.LIVE || progress == Progress.RESUMED ? DOWN_PACKETS : 0;
        long acknowledged = progress == Progress.RESUMED ? 1 : 0;
        byte[] bytes = Bytes.concat(pieces.toArray(byte[][]::new));
        Client3Oracle expected = new Client3Oracle(progress, bytes, MAX_DATA_BYTES, sent, acknowledged);
        Aftermath.of(() -> connection(progress, pieces, ending, expected));
    }

    private static void connection(Progress progress, List<byte[]> pieces, Ending ending, Client3Oracle expected) {
        try (EdgeHarness harness = new EdgeHarness(SETTINGS)) {
            EdgeClient3 neighbour = EdgeClient3.open(harness);
            EdgeClient3 stranger = arrived(harness, progress);
            long opened = harness.count(Metric.SESSIONS_OPENED);
            send(stranger, pieces);
            List<FirehosePacket> heard = harness.master.received();
            assertThat(data(heard)).containsExactlyElementsOf(expected.data());
            assertThat(harness.count(Metric.SESSIONS_OPENED) - opened)
                    .as("sessions opened")
                    .isEqualTo(progress == Progress.GREETED && expected.hasJoined() ? 1 : 0);
            ends(stranger, progress, expected);
            end(stranger, ending);
            harness.advance(EdgeHarness.HANDSHAKE_TIMEOUT);
            assertThat(refusals(harness)).as("refusals counted").isEqualTo(expected.hasJoined() ? 0 : 1);
            assertThat(expected.hasJoined() || stranger.isClosed())
                    .as("let in, or closed in the end")
                    .isTrue();
            livesOn(neighbour);
            assertThat(harness.log.lines()).noneMatch(line -> line.startsWith("ERROR"));
        }
    }

    /** A client that has done the handshake as far as {@code progress} says. */
    private static EdgeClient3 arrived(EdgeHarness harness, Progress progress) {
        EdgeClient3 stranger = EdgeClient3.connect(harness);
        switch (progress) {
            case GREETED -> stranger.send(EdgeClient3.VERSION);
            case CHALLENGED -> {
                stranger = stranger.open().again();
                stranger.challenged(0, 1);
            }
            case LIVE -> down(stranger.open());
            case RESUMED -> {
                down(stranger.open());
                stranger = stranger.again().resume(1, 1);
            }
        }
        stranger.rest();
        harness.master.received();
        return stranger;
    }

    private static void down(EdgeClient3 client) {
        for (int i = 0; i < DOWN_PACKETS; i++) {
            client.harness.send(client.id, Bytes.utf8("down " + i));
        }
        client.harness.run();
    }

    private static void send(EdgeClient3 stranger, List<byte[]> pieces) {
        int sentBytes = 0;
        for (byte[] piece : pieces) {
            stranger.send(piece);
            sentBytes += piece.length;
            assertThat(stranger.harness.budget.heldBytes())
                    .as("held for %d bytes that came", sentBytes)
                    .isLessThanOrEqualTo(LEAST_HELD_BYTES + 4L * sentBytes);
        }
    }

    /** The frames that the stranger gets, and the end of its session, are those that are expected. */
    private static void ends(EdgeClient3 stranger, Progress progress, Client3Oracle expected) {
        EdgeHarness harness = stranger.harness;
        List<LinkFrame> frames = new ArrayList<>();
        for (LinkFrame frame = stranger.next(); frame != null; frame = stranger.next()) {
            frames.add(frame);
        }
        Reason why = expected.end();
        for (Reason reason : Reason.values()) {
            if (reason != Reason.CLIENT_NOT_FOUND) {
                assertThat(harness.count(Metric.ended(reason)))
                        .as(reason.text())
                        .isEqualTo(reason == why ? 1 : 0);
            }
        }
        if (expected.isRefused() || why != null) {
            LinkFrame last = frames.remove(frames.size() - 1);
            assertThat(last).isInstanceOf(Close.class);
            CloseCode code = ((Close) last).known();
            assertThat(code).isIn(why != null ? List.of(why.closeCode()) : refusals(progress));
            assertThat(stranger.isClosed()).isTrue();
        } else {
            assertThat(stranger.isClosed()).isFalse();
        }
        long pongs = frames.stream().filter(Pong.class::isInstance).count();
        int pings = expected.pings().size();
        assertThat(pongs).as("Pongs").isBetween((long) Math.min(pings, Pongs.MOST), (long) pings);
        assertThat(frames)
                .allMatch(frame -> frame instanceof Pong
                        || (frame instanceof Opened || frame instanceof Challenge) && progress == Progress.GREETED
                        || frame instanceof Ack ack
                                && ack.count() <= expected.data().size()
                        || frame instanceof Data && progress == Progress.RESUMED);
    }

    private static List<CloseCode> refusals(Progress progress) {
        return progress == Progress.CHALLENGED
                ? List.of(CloseCode.VIOLATION, CloseCode.FRAME_TOO_LARGE, CloseCode.NO_SESSION)
                : List.of(CloseCode.VIOLATION, CloseCode.FRAME_TOO_LARGE, CloseCode.NO_SESSION, CloseCode.SILENT);
    }

    private static void end(EdgeClient3 stranger, Ending ending) {
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

    private static void livesOn(EdgeClient3 neighbour) {
        EdgeHarness harness = neighbour.harness;
        harness.master.received();
        neighbour.send(new Data(Bytes.utf8("up")));
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
        return heard.stream()
                .filter(packet -> packet.flag() == Flag.DATA)
                .map(FirehosePacket::data)
                .toList();
    }
}
