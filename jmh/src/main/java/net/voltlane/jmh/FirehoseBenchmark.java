package net.voltlane.jmh;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.util.function.Consumer;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.Reason;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.session.ClientPort;
import net.voltlane.server.session.ClientProtocol;
import net.voltlane.server.session.LinkFacts;
import net.voltlane.server.session.LinkOrigin;
import net.voltlane.server.session.LinkView;
import net.voltlane.server.session.QueueView;
import net.voltlane.server.session.Refusal;
import net.voltlane.server.session.Resumption;
import net.voltlane.server.session.Sessions;
import net.voltlane.server.session.Version2;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** The master's half of the way down: read, cut and looked up, to where a client's link gets it. */
public class FirehoseBenchmark extends PacketBenchmark {
    private static final Cidr HOME = Cidr.of(InetAddress.getLoopbackAddress());

    private ServerParts around;
    private MasterSide masterSide;
    private Sessions sessions;
    private MemoryChannel master;
    private ByteBuf ofMaster;
    private long delivered;

    @Setup
    public void start() {
        around = new ServerParts(loops);
        masterSide = new MasterSide(around, new MasterSide.Listener());
        sessions = around.sessions(masterSide.uplink);
        master = masterSide.connect(around.loops, sessions);
        long[] ids = new long[clients];
        for (int i = 0; i < clients; i++) {
            Counting link = new Counting();
            sessions.open(link, new byte[33]);
            ids[i] = link.id;
        }
        ofMaster = Packets.ofMaster(ids, packetsPerTick, payloadBytes);
    }

    @TearDown
    public void stop() {
        masterSide.uplink.close();
        sessions.release();
        ofMaster.release();
    }

    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void read() {
        long before = delivered;
        for (int i = rounds(); i > 0; i--) {
            boolean more = master.receive(ofMaster);
            while (more) {
                around.loops.run();
                more = master.readMore();
            }
            around.loops.run();
        }
        check(PACKETS * (long) payloadBytes, delivered - before);
    }

    /** A client link that counts and forgets. */
    private final class Counting extends ClientPort {
        private long id;

        @Override
        protected void opened(long newId) {
            id = newId;
        }

        @Override
        protected void deliver(ByteBuf buf, int index, int length) {
            delivered += length;
        }

        @Override
        protected void resumed(Resumption point) {}

        @Override
        protected void refused(Refusal why) {}

        @Override
        protected void detach(Detach how, @Nullable Reason reason, byte[] text) {}

        @Override
        protected LinkFacts facts() {
            return new LinkFacts("memory", "", 0, 0, 0, 0);
        }

        @Override
        protected ClientProtocol protocol() {
            return Version2.PROTOCOL;
        }

        @Override
        protected Cidr from() {
            return HOME;
        }

        @Override
        protected LinkOrigin origin() {
            return new LinkOrigin("", "", "");
        }

        @Override
        protected long waitingBytes() {
            return 0;
        }

        @Override
        protected long bytesUp() {
            return 0;
        }

        @Override
        protected void look(Consumer<LinkView> then) {
            then.accept(new LinkView("memory", 0, null, 0, 0, new QueueView(0, 0, new QueueBounds(1, 1))));
        }

        @Override
        protected long heldBytes() {
            return 0;
        }
    }
}
