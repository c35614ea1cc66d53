package net.voltlane.admin.history;

import java.util.Arrays;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;

/**
 * The figures whose past is kept. Their names are part of the API. A series is either a gauge, or the rate per second at
 * which some counters grow.
 */
public enum Series {
    CLIENTS_LIVE("clientsLive", Span.MEAN, now -> now.read(Gauge.SESSIONS_LIVE)),
    CLIENTS_STALE("clientsStale", Span.MEAN, now -> now.read(Gauge.SESSIONS_STALE)),
    CLIENTS_SLOW("clientsSlow", Span.MAX, now -> now.read(Gauge.CLIENTS_SLOW)),
    CONNECTIONS("connections", Span.MEAN, now -> now.read(Gauge.CONNECTIONS)),
    HANDSHAKES("handshakes", Span.MAX, now -> now.read(Gauge.HANDSHAKES)),

    SESSIONS_OPENED("sessionsOpened", Metric.SESSIONS_OPENED),
    SESSIONS_RESUMED("sessionsResumed", Metric.SESSIONS_RESUMED, Metric.SESSIONS_TAKEN_OVER),
    SESSIONS_ENDED("sessionsEnded", named("voltlane_sessions_ended_total")),
    /** Connections refused by limits, and handshakes rejected, for whatever reason. */
    REFUSALS("refusals", named("voltlane_connections_refused_total", "voltlane_handshakes_rejected_total")),

    PACKETS_UP("packetsUp", Metric.PACKETS_UP),
    PACKETS_DOWN("packetsDown", Metric.PACKETS_DOWN),
    BYTES_UP("bytesUp", Metric.BYTES_UP),
    BYTES_DOWN("bytesDown", Metric.BYTES_DOWN),

    /** 1 while the master link is up, else 0. */
    MASTER_UP("masterUp", Span.MEAN, now -> now.read(Gauge.MASTER_UP)),
    MASTER_QUEUE_PACKETS("masterQueuePackets", Span.MAX, now -> now.read(Gauge.MASTER_QUEUE_PACKETS)),
    MASTER_QUEUE_BYTES("masterQueueBytes", Span.MAX, now -> now.read(Gauge.MASTER_QUEUE_BYTES)),
    /** The queue for the master as a part of its bound on packets or of that on bytes, whichever is nearer; 1 is full. */
    MASTER_QUEUE_SHARE(
            "masterQueueShare",
            Span.MAX,
            now -> Math.max(
                    share(now, Gauge.MASTER_QUEUE_PACKETS, Gauge.MASTER_QUEUE_PACKETS_LIMIT),
                    share(now, Gauge.MASTER_QUEUE_BYTES, Gauge.MASTER_QUEUE_BYTES_LIMIT))),

    HELD_BYTES("heldBytes", Span.MAX, now -> now.read(Gauge.HELD_BYTES)),
    /** The memory held for peers as a part of its bound; 1 is full. */
    HELD_SHARE("heldShare", Span.MAX, now -> share(now, Gauge.HELD_BYTES, Gauge.HELD_BYTES_LIMIT)),
    LOOP_LAG_SECONDS("loopLagSeconds", Span.MAX, now -> Gauge.LOOP_LAG.unit().published(now.read(Gauge.LOOP_LAG))),
    HEAP_USED_BYTES("heapUsedBytes", Span.MAX, Figures::heapUsedBytes);

    /** The value that stands for a span of several samples. */
    enum Span {
        MEAN,
        MAX
    }

    private final String text;
    final Span span;
    private final @Nullable ToDoubleFunction<Figures> gauge;
    private final Metric[] counters;

    Series(String text, Span span, ToDoubleFunction<Figures> gauge) {
        this.text = text;
        this.span = span;
        this.gauge = gauge;
        counters = new Metric[0];
    }

    Series(String text, Metric... counters) {
        assert counters.length > 0 : text + " counts nothing";
        this.text = text;
        this.counters = counters;
        span = Span.MEAN;
        gauge = null;
    }

    /** The name in the API. */
    public String text() {
        return text;
    }

    /** True if a sample is a difference of two readings, divided by the time between them. */
    boolean isRate() {
        return gauge == null;
    }

    /** The present value of a gauge, or the present sum of the counters of a rate. */
    double read(Figures now) {
        if (gauge != null) {
            return gauge.applyAsDouble(now);
        }
        long sum = 0;
        for (Metric counter : counters) {
            sum += now.count(counter);
        }
        return sum;
    }

    private static Metric[] named(String... names) {
        Predicate<Metric> isNamed =
                metric -> Arrays.stream(names).anyMatch(name -> metric.series().startsWith(name + "{"));
        return Arrays.stream(Metric.values()).filter(isNamed).toArray(Metric[]::new);
    }

    private static double share(Figures now, Gauge used, Gauge limit) {
        long bound = now.read(limit);
        return bound > 0 ? (double) now.read(used) / bound : 0;
    }
}
