package net.voltlane.server.edge;

import static net.voltlane.server.link.Bufs.payload;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.link3.Ack;
import net.voltlane.protocol.link3.Data;
import net.voltlane.protocol.link3.LinkFrame;
import net.voltlane.server.metrics.Metric;

/** The packets, settings and questions that tests of version 3's data share. */
abstract class Version3Case extends HandshakeCase {
    /** Starts over with bounds for what is kept until it is acknowledged, and for what waits for the socket. */
    final void bounds(long packets, long bytes) {
        harness.close();
        harness = new EdgeHarness(settings(new QueueBounds(packets, bytes)));
    }

    static EdgeSettings settings(QueueBounds unacknowledged) {
        EdgeSettings all = EdgeHarness.SETTINGS;
        ServedVersions versions = all.versions();
        return new EdgeSettings(
                all.maxFrameBytes(),
                all.handshakeTimeoutNanos(),
                all.channel(),
                false,
                all.peerTimeoutNanos(),
                TrustedProxies.NONE,
                new ServedVersions(true, true, versions.heartbeats(), versions.waitSecs(), unacknowledged));
    }

    static Data[] data(int first, int last, int bytes) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(i -> new Data(payload(i, bytes)))
                .toArray(Data[]::new);
    }

    /** The master sends numbered packets of ten bytes, each in a batch of its own. */
    final void master(EdgeClient3 to, int first, int last) {
        for (int i = first; i <= last; i++) {
            harness.send(to.id, payload(i, 10));
            harness.run();
        }
    }

    static byte[][] numbered(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(i -> payload(i, 10)).toArray(byte[][]::new);
    }

    static List<LinkFrame> all(EdgeClient3 client) {
        List<LinkFrame> frames = new ArrayList<>();
        for (LinkFrame frame = client.next(); frame != null; frame = client.next()) {
            frames.add(frame);
        }
        return frames;
    }

    static List<Long> acks(EdgeClient3 client) {
        return all(client).stream()
                .filter(Ack.class::isInstance)
                .map(frame -> ((Ack) frame).count())
                .toList();
    }

    /** The link breaks without a word. */
    final void cut(EdgeClient3 client) {
        client.channel.close();
        harness.run();
    }

    final void isEnded(EdgeClient3 client, Reason reason) {
        assertThat(harness.sessions.size()).isZero();
        assertThat(harness.count(Metric.ended(reason))).isOne();
        client.expectClose(reason.closeCode());
    }
}
