package net.voltlane.server.uplink;

import net.voltlane.protocol.firehose3.MessageFlag;
import net.voltlane.server.link.Gate;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;

/**
 * The bounds of what is kept for the master. Data is never refused: at its bound the {@link Gate} holds clients back. The
 * server's own packets are not held back by the gate, but where they have reached the bound as well, those that can wait
 * are owed. What a new backend is told of the present counts against no bound. Belongs to the session loop.
 */
final class KeptBounds {
    private final Gate gate;
    private final Counters counters;
    private UplinkSettings settings;

    private long dataPackets;
    private long dataBytes;
    private long ownBytes;
    /** Packets up to this number are of the present. */
    private long presentUpTo;

    KeptBounds(Gate gate, Counters counters, UplinkSettings settings) {
        this.gate = gate;
        this.counters = counters;
        this.settings = settings;
    }

    long dataPackets() {
        return dataPackets;
    }

    long dataBytes() {
        return dataBytes;
    }

    void settings(UplinkSettings next) {
        settings = next;
        check();
    }

    /** True while packets of the server's own that can wait have to. */
    boolean isReached() {
        return gate.isShut() || dataBytes + ownBytes >= settings.queueBytes();
    }

    /** True while packets of the server's own have reached the bound, of those that count. */
    boolean isReachedByOwn() {
        return ownBytes >= settings.queueBytes();
    }

    void addData(long packets, long bytes) {
        dataPackets += packets;
        dataBytes += bytes;
        check();
    }

    void addOwn(long bytes) {
        ownBytes += bytes;
    }

    /** Counts begin anew, with packets of the present up to this number. */
    void present(long upToNumber) {
        dataPackets = 0;
        dataBytes = 0;
        ownBytes = 0;
        presentUpTo = upToNumber;
    }

    /** A packet is kept no longer. {@link #check} follows once for all of them. */
    void remove(int flag, long bytes, long number) {
        if (number <= presentUpTo) {
            return;
        }
        if (flag == MessageFlag.DATA) {
            dataPackets--;
            dataBytes -= bytes;
        } else {
            ownBytes -= bytes;
        }
        assert dataPackets >= 0 && dataBytes >= 0 && ownBytes >= 0 : "dropped more than was kept";
    }

    /** Shuts the gate when a bound is reached, and opens it at half of both bounds. */
    void check() {
        if (!gate.isShut()) {
            if (dataPackets >= settings.queuePackets() || dataBytes >= settings.queueBytes()) {
                counters.count(Metric.CLIENTS_HELD_BACK);
                gate.shut();
            }
        } else if (dataPackets <= settings.queuePackets() / 2 && dataBytes <= settings.queueBytes() / 2) {
            gate.open();
        }
    }
}
