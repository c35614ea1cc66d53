package net.voltlane.server.uplink;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import java.util.List;
import net.voltlane.protocol.SystemWords;
import net.voltlane.server.link.Transport;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.2 or 1.3 on the links to the master, as the end that dials: verifies the chain and the name of the master's
 * certificate, and shows one of its own if there is one. Netty puts each write into records of its own, and completes its
 * promise when the socket has taken them.
 *
 * <p>The files are read when this is made, at {@link #reload}, and before a dial if they have changed; a link keeps what it
 * began with. Thread-safe.
 */
public final class MasterTls implements Transport {
    private static final String NAME = "tls";
    private static final AttributeKey<MasterTls> OF_CHANNEL = AttributeKey.valueOf("voltlane.master.tls");
    private static final AttributeKey<Boolean> BROKEN = AttributeKey.valueOf("voltlane.master.tls.broken");
    /** The plain bytes that a record can hold by any engine: the JDK's takes 16,367. */
    private static final int MAX_RECORD_BYTES = 16_000;

    /**
     * The files that TLS is made of.
     *
     * @param ca the authorities that the master's certificate may be of; empty: those of the Java runtime
     * @param certificate our own certificate, with those of its authorities behind it; empty: none
     * @param key its private key
     * @param peerName the name or IP literal that the master's certificate must have
     */
    public record Files(String ca, String certificate, String key, String peerName) {}

    private record Current(SslContext context, Files files) {}

    private volatile Current current;
    /** The files that are configured. Those in use are others if these can't be used. */
    private Files wanted;
    /** The contents that were read last, whether they can be used or not. */
    private String read;

    /** @throws MasterTlsException if a file can't be used */
    public MasterTls(Files files) throws MasterTlsException {
        wanted = files;
        read = MasterTlsFiles.digest(files);
        current = new Current(MasterTlsFiles.context(files), files);
    }

    /**
     * Reads the files anew, for the links from the next dial on.
     *
     * @throws MasterTlsException if a file can't be used; then the old ones stay
     */
    public synchronized void reload(Files files) throws MasterTlsException {
        wanted = files;
        read = MasterTlsFiles.digest(files);
        current = new Current(MasterTlsFiles.context(files), files);
    }

    /**
     * Reads the files anew if their contents have changed.
     *
     * @return true if they have changed, and are in use now
     * @throws MasterTlsException if they have changed and can't be used; then the old ones stay
     */
    synchronized boolean renew() throws MasterTlsException {
        if (MasterTlsFiles.digest(wanted).equals(read)) {
            return false;
        }
        reload(wanted);
        return true;
    }

    /** The reason, for the operator, why a handshake failed or a link broke; null if TLS has nothing to do with it. */
    @Nullable
    String reason(Throwable thrown) {
        return MasterTlsWords.of(thrown, current.files());
    }

    /** Notes that TLS has ended a link after its handshake. */
    static void breaks(Channel channel) {
        channel.attr(BROKEN).set(true);
    }

    /** True if TLS has ended the link, and nothing else. */
    static boolean hasBroken(Channel channel) {
        return channel.hasAttr(BROKEN);
    }

    /** The reason, for the operator, why the handshake of a channel failed. */
    static String handshakeReason(Channel channel, Throwable thrown) {
        MasterTls tls = channel.attr(OF_CHANNEL).get();
        String ofTls = tls == null ? null : tls.reason(thrown);
        return ofTls == null
                ? "the connection ended in the TLS handshake (" + SystemWords.of(thrown)
                        + "); does the backend listen with TLS? If not, set master.tls = false"
                : ofTls;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void addCodec(ChannelPipeline pipeline) {
        Current now = current;
        SslHandler handler =
                now.context().newHandler(pipeline.channel().alloc(), now.files().peerName(), -1);
        handler.setWrapDataSize(0); // the promise of a write is for that write alone
        handler.setHandshakeTimeoutMillis(0); // the dial has a deadline for all of its steps
        pipeline.addLast(NAME, handler);
        pipeline.channel().attr(OF_CHANNEL).set(this);
    }

    @Override
    public List<String> codecNames() {
        return List.of(NAME);
    }

    @Override
    public int maxRecordBytes() {
        return MAX_RECORD_BYTES;
    }

    @Override
    public @Nullable ChannelFuture farewell(Channel channel) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        return handler == null || !handler.handshakeFuture().isSuccess() ? null : handler.closeOutbound();
    }
}
