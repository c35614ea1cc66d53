package net.voltlane.jmh;

import io.netty.buffer.ByteBuf;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.Sessions;

/**
 * A whole connection server of its real parts, wired as in production, between clients and a master that are memory.
 * Belongs to the thread that made it.
 */
final class InMemoryServer implements AutoCloseable {
    private final ServerParts around;
    private final Loops loops;
    private final MasterSide masterSide;
    private final ClientSide clientSide;
    private final Sessions sessions;
    private final MemoryChannel master;
    private final Backend backend;
    private final Runnable echo;
    private final Runnable take;

    /**
     * @param protocol the version that clients speak
     * @param firehose the version that the master speaks
     */
    InMemoryServer(int loops, int clients, int protocol, int firehose) {
        around = new ServerParts(loops);
        this.loops = around.loops;
        masterSide = MasterSide.of(around, firehose);
        sessions = around.sessions(masterSide.uplink);
        clientSide = new ClientSide(around, sessions, masterSide.uplink, protocol);
        master = masterSide.connect(around.loops, sessions);
        backend = new Backend(master, firehose, this::fromMaster);
        echo = backend::echo;
        take = backend::take;
        clientSide.connect(clients);
        if (protocol == 3) {
            awaitSessionKeys(clients);
        }
        backend.take();
    }

    /** The ids of the clients' sessions, in the order in which the clients send. */
    long[] ids() {
        return clientSide.ids();
    }

    /** Every client sends these bytes; the master takes what they become. */
    void up(ByteBuf bytes) {
        clientSide.send(bytes, take);
    }

    /**
     * The master sends these bytes; the clients take what they become, and acknowledge it.
     *
     * @param packets number of packets for each client
     */
    void down(ByteBuf bytes, int packets) {
        fromMaster(bytes);
        clientSide.received(packets);
        clientSide.acknowledge(take);
    }

    private void fromMaster(ByteBuf bytes) {
        boolean more = master.receive(bytes);
        loops.run();
        while (more) {
            more = master.readMore();
            loops.run();
        }
    }

    /**
     * Every client sends these bytes; the master sends all back that it gets. Clients acknowledge it along with what they
     * send next.
     *
     * @param packets number of packets of each client
     */
    void echo(ByteBuf bytes, int packets) {
        clientSide.send(bytes, echo);
        clientSide.received(packets);
    }

    /** All that the master has taken. */
    long takenByMaster() {
        return master.takenBytes();
    }

    /** All that the clients have taken, their handshakes included. */
    long takenByClients() {
        return clientSide.takenBytes();
    }

    /** Returns the bytes of the last write to any client. */
    ByteBuf lastToAClient() {
        return clientSide.lastTaken();
    }

    /** Waits for the keys of so many sessions: they are computed ahead of time, which leaves garbage that is no packet's. */
    private void awaitSessionKeys(int sessionKeys) {
        loops.runUntil(() -> around.metrics.sum(Metric.SESSION_KEYS_AHEAD) >= sessionKeys, "a session's key");
    }

    /** Ends everything. What is then still charged has been leaked. */
    @Override
    public void close() {
        clientSide.close();
        masterSide.uplink.close();
        sessions.release();
        loops.run();
        backend.release();
        if (around.budget.heldBytes() != 0) {
            throw new IllegalStateException(around.budget.heldBytes() + " bytes are still charged");
        }
    }
}
