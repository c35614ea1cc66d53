package net.voltlane.admin.history;

import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.metrics.Metric;

/** The present values that a history is made of. */
public interface Figures {
    /** The value of a counter. */
    long count(Metric metric);

    /** The value of a gauge. */
    long read(Gauge gauge);

    /** The bytes of the JVM's heap that are in use, garbage that is not collected yet included. */
    long heapUsedBytes();

    /** The figures of a running server. */
    static Figures of(VoltlaneServer server) {
        Runtime runtime = Runtime.getRuntime();
        return new Figures() {
            @Override
            public long count(Metric metric) {
                return server.count(metric);
            }

            @Override
            public long read(Gauge gauge) {
                return server.read(gauge);
            }

            @Override
            public long heapUsedBytes() {
                return runtime.totalMemory() - runtime.freeMemory();
            }
        };
    }
}
