package net.voltlane.server.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.channel.uring.IoUringTcpInfo;
import java.util.concurrent.TimeUnit;

/**
 * The probe that reads Linux's {@code TCP_INFO}. The fields for peers of each kind, as seen on Linux 6.18, once a second
 * for two minutes, with times in seconds:
 *
 * <pre>
 *   peer                              unacked  probes  backoff  last sent   last ack
 *   reads, nothing to send               0        0       0     any         = last sent
 *   reads, data under way                n        0       0     just now    a round trip later
 *   lives and does not read              0        0      2..9   long ago    up to 54, and growing
 *   vanished while data was under way    n        0      1..    after ack   grows
 *   vanished while it did not read       0        1..    1..    long ago    grows
 * </pre>
 *
 * So the time of the last acknowledgement alone would condemn live peers: a peer that does not read is probed at ever
 * longer intervals, up to two minutes, and acknowledges only these probes. The difference is whether something was sent
 * since then. Repeated data counts as sent; window probes are counted in {@code probes}, which an answer sets to zero. A
 * window that is shut with nothing under way shows in {@code backoff}.
 */
public final class KernelPeerProbe implements PeerProbe {
    private final EpollTcpInfo epoll = new EpollTcpInfo();
    private final IoUringTcpInfo uring = new IoUringTcpInfo();

    /** The number of probes that may get lost on the way to a live peer: the next one comes only much later. */
    private static final int LOST_PROBES = 1;

    private boolean owing;
    private boolean unanswered;
    private long answeredMillisAgo;

    @Override
    public boolean ask(Channel channel) {
        try {
            if (channel instanceof EpollSocketChannel socket) {
                socket.tcpInfo(epoll);
                read(epoll.unacked(), epoll.probes(), epoll.backoff(), epoll.lastDataSent(), epoll.lastAckRecv());
                return true;
            }
            if (channel instanceof IoUringSocketChannel socket) {
                socket.tcpInfo(uring);
                read(uring.unacked(), uring.probes(), uring.backoff(), uring.lastDataSent(), uring.lastAckRecv());
                return true;
            }
            return false;
        } catch (ChannelException closed) {
            return false;
        }
    }

    private void read(long unacked, int probes, int backoff, long sentMillisAgo, long ackMillisAgo) {
        owing = unacked > 0 || probes > 0 || backoff > 0;
        unanswered = probes > LOST_PROBES || (unacked > 0 && sentMillisAgo < ackMillisAgo);
        answeredMillisAgo = ackMillisAgo;
    }

    @Override
    public boolean isOwing() {
        return owing;
    }

    @Override
    public boolean isUnanswered() {
        return unanswered;
    }

    @Override
    public long answeredNanosAgo() {
        return TimeUnit.MILLISECONDS.toNanos(answeredMillisAgo);
    }
}
