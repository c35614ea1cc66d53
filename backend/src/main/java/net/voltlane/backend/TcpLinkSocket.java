package net.voltlane.backend;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.cert.X509Certificate;
import java.util.List;
import net.voltlane.tcp.AddressPair;

/** A socket of TCP. */
final class TcpLinkSocket implements LinkSocket {
    private final SocketChannel channel;
    private final InetSocketAddress peer;
    private final AddressPair ends;
    private volatile long sentBytes;
    private volatile long receivedBytes;

    TcpLinkSocket(SocketChannel channel) throws IOException {
        this.channel = channel;
        peer = (InetSocketAddress) channel.getRemoteAddress();
        ends = AddressPair.of((InetSocketAddress) channel.getLocalAddress(), peer);
    }

    @Override
    public void open() {}

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the reader only
    public int read(ByteBuffer into, boolean mayWait) throws IOException {
        if (!mayWait && !hasInput()) {
            return 0;
        }
        int count = channel.read(into);
        receivedBytes += Math.max(0, count);
        return count;
    }

    @Override
    public boolean hasInput() throws IOException {
        return channel.socket().getInputStream().available() > 0;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the writer only
    public int write(ByteBuffer bytes) throws IOException {
        int taken = channel.write(bytes);
        sentBytes += taken;
        return taken;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the writer only
    public int write(ByteBuffer[] bytes) throws IOException {
        int taken = (int) channel.write(bytes);
        sentBytes += taken;
        return taken;
    }

    @Override
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public long sentBytes() {
        return sentBytes;
    }

    @Override
    public long receivedBytes() {
        return receivedBytes;
    }

    @Override
    public SocketAddress peer() {
        return peer;
    }

    @Override
    public AddressPair ends() {
        return ends;
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return List.of();
    }
}
