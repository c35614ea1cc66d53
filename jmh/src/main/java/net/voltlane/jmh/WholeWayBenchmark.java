package net.voltlane.jmh;

import io.netty.buffer.ByteBuf;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Tag;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** A packet's whole way through the server: from the bytes in one socket to the bytes in another. */
public class WholeWayBenchmark extends PacketBenchmark {
    private InMemoryServer server;
    private ByteBuf ofClient;
    private ByteBuf ofMaster;

    @Setup
    public void start() {
        server = new InMemoryServer(loops, clients);
        ofClient = Packets.ofClient(packetsPerTick, payloadBytes);
        ofMaster = Packets.ofMaster(server.ids(), packetsPerTick, payloadBytes);
    }

    @TearDown
    public void stop() {
        server.close();
        ofClient.release();
        ofMaster.release();
    }

    /** Clients to master. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void up() {
        long before = server.takenByMaster();
        for (int i = rounds(); i > 0; i--) {
            server.up(ofClient);
        }
        check(PACKETS * (long) (Tag.FRAME_HEADER_BYTES + payloadBytes), server.takenByMaster() - before);
    }

    /** Master to clients. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void down() {
        long before = server.takenByClients();
        for (int i = rounds(); i > 0; i--) {
            server.down(ofMaster);
        }
        check(PACKETS * (long) (Frame.PREFIX_BYTES + payloadBytes), server.takenByClients() - before);
    }

    /** Clients to master and back: per echo, so two packets' worth. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void echo() {
        long before = server.takenByClients();
        for (int i = rounds(); i > 0; i--) {
            server.echo(ofClient);
        }
        check(PACKETS * (long) (Frame.PREFIX_BYTES + payloadBytes), server.takenByClients() - before);
    }
}
