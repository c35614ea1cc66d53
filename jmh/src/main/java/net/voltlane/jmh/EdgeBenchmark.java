package net.voltlane.jmh;

import io.netty.buffer.ByteBuf;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.Tag;
import net.voltlane.server.link.Upstream;
import net.voltlane.server.session.MasterPort;
import net.voltlane.server.session.Sessions;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** The clients' half of the way: as {@link WholeWayBenchmark}, without the master's link. */
public class EdgeBenchmark extends PacketBenchmark {
    /** The version that clients speak. */
    @Param({"2", "3"})
    public int protocol;

    private final Nowhere nowhere = new Nowhere();
    private ServerParts around;
    private Sessions sessions;
    private ClientSide clientSide;
    private ByteBuf ofClient;
    private ByteBuf ofMaster;

    @Setup
    public void start() {
        around = new ServerParts(loops);
        sessions = around.sessions(nowhere);
        clientSide = new ClientSide(around, sessions, nowhere, protocol);
        clientSide.connect(clients);
        ofClient = Packets.ofClient(packetsPerTick, payloadBytes, protocol);
        ofMaster = Packets.ofMaster(clientSide.ids(), 1, payloadBytes);
    }

    @TearDown
    public void stop() {
        clientSide.close();
        sessions.release();
        ofClient.release();
        ofMaster.release();
    }

    /** Read, cut, tagged, handed over: up to where the session loop gets it. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void up() {
        long before = nowhere.bytes;
        for (int i = rounds(); i > 0; i--) {
            clientSide.send(ofClient, nowhere);
        }
        check(PACKETS * (long) (Tag.FRAME_HEADER_BYTES + payloadBytes), nowhere.bytes - before);
    }

    /** From a packet that the session loop has cut: looked up, handed over, sent. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void down() {
        long before = clientSide.takenBytes();
        for (int i = rounds(); i > 0; i--) {
            int index = Tag.FRAME_HEADER_BYTES;
            for (long id : clientSide.ids()) {
                for (int packet = 0; packet < packetsPerTick; packet++) {
                    sessions.data(id, ofMaster, index, payloadBytes);
                }
                index += Tag.FRAME_HEADER_BYTES + payloadBytes;
                around.flow.wasRead();
            }
            around.loops.run();
            clientSide.received(packetsPerTick);
            clientSide.acknowledge(nowhere);
        }
        check(PACKETS * (long) Packets.frameBytes(payloadBytes, protocol), clientSide.takenBytes() - before);
    }

    /** A master that counts and forgets. */
    private static final class Nowhere implements MasterPort, Upstream, Runnable {
        private long bytes;

        @Override
        public void frames(ByteBuf buf, int index, int length) {
            bytes += length;
        }

        @Override
        public void run() {}

        @Override
        public void flush() {}

        @Override
        public void opened(Subject session) {}

        @Override
        public long firstPacket(Subject session) {
            return bytes;
        }

        @Override
        public void dataFollows(Subject session) {}

        @Override
        public void suspended(Subject session, String cause) {}

        @Override
        public void resumed(Subject session, boolean isTakeover) {}

        @Override
        public void ended(Subject session, Reason reason, byte[] text) {}

        @Override
        public void delivered(Subject session) {}

        @Override
        public void taken(Subject session, long packets) {}

        @Override
        public void slow(Subject session, long keptBytes) {}

        @Override
        public void ready(Subject session, long keptBytes) {}

        @Override
        public boolean wantsDelivered() {
            return false;
        }

        @Override
        public boolean acknowledges() {
            return false;
        }

        @Override
        public boolean notFound(long id) {
            return true;
        }

        @Override
        public void block() {}

        @Override
        public void unblock() {}
    }
}
