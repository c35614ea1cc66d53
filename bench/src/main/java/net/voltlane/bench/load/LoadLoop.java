package net.voltlane.bench.load;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.DuplexChannel;
import java.lang.management.ManagementFactory;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.voltlane.bench.model.Generator;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.link3.FrameType;
import org.jspecify.annotations.Nullable;

/** A thread with its clients and the objects that they share. All but the constructor runs on that thread. */
final class LoadLoop {

    /**
     * The objects that all loops share.
     *
     * @param server where clients connect to
     * @param transport the way to the kernel
     * @param opening what makes a link of a TCP connection
     * @param payload what messages say
     * @param ids the clients' session ids
     * @param generator how clients come, and which protocol they speak
     */
    record Common(
            SocketAddress server,
            Transport transport,
            Opening opening,
            Payload payload,
            Ids ids,
            Generator generator) {}

    /** The time between two looks of a client at what it owes the server. */
    static final int SWEEP_MILLIS = 400;

    /**
     * The size of a read, more than a batch of small messages. There is one read a tick for each channel, so that every
     * one has its turn.
     */
    private static final int READ_BYTES = 32 * 1024;

    private static final RecvByteBufAllocator READS = new FixedRecvByteBufAllocator(READ_BYTES).maxMessagesPerRead(1);

    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

    private final EventLoop loop;
    private final Common common;
    private final SecureRandom random = new SecureRandom();
    private final Meter meter = new Meter();
    private final Faults faults = new Faults();
    private final List<Client> clients = new ArrayList<>();
    private final Dialects dialects;

    /** Bytes that stand before a message: the length prefix and, in version 3, the type. */
    private final int headerBytes;

    private Duty duty = Duty.NONE;
    private @Nullable Future<?> sweeping;
    private byte[] readArray = new byte[READ_BYTES];
    private byte[] writeArray = new byte[READ_BYTES];

    LoadLoop(EventLoop loop, Common common) {
        this.loop = loop;
        this.common = common;
        dialects = Dialects.of(common.generator.protocol());
        headerBytes = Frame.PREFIX_BYTES + dialects.typeBytes();
    }

    Client add(int index) {
        Client client = new Client(index, this, dialects.of(index, this));
        clients.add(client);
        return client;
    }

    EventLoop eventLoop() {
        return loop;
    }

    List<Client> clients() {
        return clients;
    }

    Meter meter() {
        return meter;
    }

    Faults faults() {
        return faults;
    }

    Payload payload() {
        return common.payload;
    }

    Ids ids() {
        return common.ids;
    }

    SecureRandom random() {
        return random;
    }

    Duty duty() {
        return duty;
    }

    void duty(Duty next) {
        duty = next;
    }

    int maxFrameBytes() {
        return Math.max(headerBytes + common.payload.sizeBytes(), READ_BYTES);
    }

    /** Somewhere to put so many bytes that were read; good until the next read. */
    byte[] readArray(int bytes) {
        if (readArray.length < bytes) {
            readArray = new byte[bytes];
        }
        return readArray;
    }

    byte[] writeArray() {
        return writeArray;
    }

    /**
     * Puts whole frames with messages into the write array, with room for an Ack behind them, and says how long they
     * are.
     */
    int write(int client, int sequence, int count) {
        int frame = headerBytes + common.payload.sizeBytes();
        int length = frame * count;
        if (writeArray.length < length + Dialect3.ACK_FRAME_BYTES) {
            writeArray = new byte[length + Dialect3.ACK_FRAME_BYTES];
        }
        int at = 0;
        for (int i = 0; i < count; i++) {
            Bytes.putInt(writeArray, at, frame - Frame.PREFIX_BYTES);
            writeArray[at + Frame.PREFIX_BYTES] = FrameType.DATA; // overwritten where messages have no type
            common.payload.write(writeArray, at + headerBytes, client, sequence + i);
            at += frame;
        }
        return length;
    }

    /** The number of messages that fit into one write of a reasonable size, at least one. */
    int messagesPerWrite() {
        return Math.max(1, READ_BYTES / (headerBytes + common.payload.sizeBytes()));
    }

    // ---- links

    DuplexChannel newChannel() {
        DuplexChannel channel;
        if (common.server instanceof InetSocketAddress) {
            channel = common.transport.newChannel().get();
            channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        } else {
            channel = common.transport.newUnixChannel().get();
        }
        channel.config().setRecvByteBufAllocator(READS).setConnectTimeoutMillis(CONNECT_TIMEOUT_MILLIS);
        return channel;
    }

    Opening opening() {
        return common.opening;
    }

    /**
     * Connects; {@code then} hears of it on this loop, with null if it worked.
     *
     * @param part of the opening that is to be done
     */
    void connect(DuplexChannel channel, Link link, int index, Opening.Part part, Consumer<@Nullable Throwable> then) {
        channel.pipeline().addLast(link);
        if (sweeping == null && dialects.areSwept()) {
            sweeping = loop.scheduleAtFixedRate(
                    () -> clients.forEach(Client::sweep), SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
        }
        loop.register(channel).addListener((ChannelFuture registered) -> {
            if (!registered.isSuccess()) {
                then.accept(registered.cause());
                return;
            }
            int sources = common.generator.sourceAddresses();
            ChannelFuture connecting = sources > 1
                    ? channel.connect(common.server, Sources.of(index, sources))
                    : channel.connect(common.transport.address(common.server));
            connecting.addListener(connected -> {
                Throwable problem = connected.isSuccess() ? check(channel) : connected.cause();
                if (problem == null) {
                    common.opening.open(channel, part, then);
                } else {
                    then.accept(problem);
                }
            });
        });
    }

    /**
     * The reason why this is no connection to the server, though it was made; null if it is one. The kernel may give a
     * dialling socket the very port that it dials: if nobody listens there, TCP connects it to itself.
     */
    private static @Nullable Throwable check(DuplexChannel channel) {
        if (!(channel.localAddress() instanceof InetSocketAddress local) || !local.equals(channel.remoteAddress())) {
            return null;
        }
        channel.config().setOption(ChannelOption.SO_LINGER, 0); // the port must be free at once
        channel.close();
        return new ConnectException("nobody listens there, and the connection came back to its own port");
    }

    void lost(Client client, boolean wasReady, String why) {
        if (wasReady) {
            faults.closed(client.index(), why);
        } else {
            faults.refused(client.index(), why);
        }
        duty.gone(client);
    }

    // ---- asked by whoever runs the show

    Slice take() {
        long cpuNanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        return new Slice(meter.take(), faults.counts(), Math.max(cpuNanos, 0));
    }

    long underWay() {
        long sum = 0;
        for (Client client : clients) {
            sum += client.isReady() ? client.underWay() : 0;
        }
        return sum;
    }

    /** Counts everything as lost that has not come by now. */
    void giveUpWaiting() {
        for (Client client : clients) {
            if (client.underWay() > 0) {
                faults.missing(client.underWay(), client.index());
            }
        }
    }

    void cutAll() {
        clients.forEach(Client::cut);
    }
}
