package net.voltlane.jmh;

import io.netty.buffer.ByteBuf;
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
    private final Runnable echo = this::echo;
    private final Runnable forget;

    InMemoryServer(int loops, int clients) {
        around = new ServerParts(loops);
        this.loops = around.loops;
        masterSide = new MasterSide(around, new MasterSide.Listener());
        sessions = around.sessions(masterSide.uplink);
        clientSide = new ClientSide(around, sessions, masterSide.uplink);
        master = masterSide.connect(around.loops, sessions);
        clientSide.connect(clients);
        forget = () -> master.taken().clear();
    }

    /** The ids of the clients' sessions, in the order in which the clients send. */
    long[] ids() {
        return clientSide.ids();
    }

    /** Every client sends these bytes; the master takes what they become. */
    void up(ByteBuf bytes) {
        clientSide.send(bytes, forget);
    }

    /** The master sends these bytes; the clients take what they become. */
    void down(ByteBuf bytes) {
        boolean more = master.receive(bytes);
        loops.run();
        while (more) {
            more = master.readMore();
            loops.run();
        }
    }

    /** Every client sends these bytes; the master sends all back that it gets. */
    void echo(ByteBuf bytes) {
        clientSide.send(bytes, echo);
    }

    private void echo() {
        ByteBuf taken = master.taken();
        if (taken.isReadable()) {
            down(taken);
            taken.clear();
        }
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

    /** Ends everything. What is then still charged has been leaked. */
    @Override
    public void close() {
        clientSide.close();
        masterSide.uplink.close();
        sessions.release();
        loops.run();
        if (around.budget.heldBytes() != 0) {
            throw new IllegalStateException(around.budget.heldBytes() + " bytes are still charged");
        }
    }
}
