package net.voltlane.jmh;

import io.netty.buffer.ByteBuf;
import net.voltlane.protocol.Tag;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** A packet's whole way through the server: from the bytes in one socket to the bytes in another. */
public class WholeWayBenchmark extends PacketBenchmark {
    private static final int ACK_BYTES = 13;
    private static final int FIREHOSE_ACK_BYTES = 21;

    /** The version that clients speak. */
    @Param({"2", "3"})
    public int protocol;

    /** The version that the master speaks. */
    @Param({"2", "3"})
    public int firehose;

    private InMemoryServer server;
    private ByteBuf ofClient;
    private ByteBuf ofMaster;

    @Setup
    public void start() {
        server = new InMemoryServer(loops, clients, protocol, firehose);
        ofClient = Packets.ofClient(packetsPerTick, payloadBytes, protocol);
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
        long acks = firehose == 3 ? rounds() : 0;
        check(
                PACKETS * (long) (Tag.FRAME_HEADER_BYTES + payloadBytes),
                acks * FIREHOSE_ACK_BYTES,
                server.takenByMaster() - before);
    }

    /** Master to clients. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void down() {
        long before = server.takenByClients();
        for (int i = rounds(); i > 0; i--) {
            server.down(ofMaster, packetsPerTick);
        }
        check(PACKETS * (long) Packets.frameBytes(payloadBytes, protocol), server.takenByClients() - before);
    }

    /** Clients to master and back: per echo, so two packets' worth. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void echo() {
        long before = server.takenByClients();
        for (int i = rounds(); i > 0; i--) {
            server.echo(ofClient, packetsPerTick);
        }
        long acks = protocol == 3 ? PACKETS : 0; // no more than one with each packet
        check(
                PACKETS * (long) Packets.frameBytes(payloadBytes, protocol),
                acks * ACK_BYTES,
                server.takenByClients() - before);
    }
}
