package net.voltlane.server.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPipeline;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The layers between a socket and the frames of its peer: bare TCP, or TCP below a codec such as TLS or WebSocket. A
 * listener has one transport, which all of its channels share, so it holds nothing that belongs to a single channel.
 *
 * <p><b>Frames.</b> Above the transport, frames stand one behind the other as {@code [u32 LE length][payload]}, in both
 * directions. A codec whose peers delimit frames in another way (a WebSocket message is a frame without a prefix)
 * translates between the two forms. The codec must pass on everything that one read of the socket brings as one buffer,
 * because a link that is to be held back stops between two reads, not within one.
 *
 * <p><b>Progress.</b> Without a codec the socket itself advances the reader index of the buffer that it takes in part.
 * A codec consumes a buffer long before the socket has it. It therefore gets whole frames, at most
 * {@link #maxRecordBytes} of them in one write, and completes the promise of that write once the socket has taken all
 * bytes that the write became. A peer must not be able to use a part of such a write: then a write that is not complete
 * can be sent again on another link, and nothing is delivered twice.
 *
 * <p>Immutable. Everything that has a channel for a parameter is called on that channel's loop.
 */
public interface Transport {
    /** The name that operators and backends see, such as {@code tcp}. */
    String name();

    /** Puts the codec, if there is one, at the end of the pipeline, which holds no handler of a link yet. */
    void addCodec(ChannelPipeline pipeline);

    /** The names of the handlers that {@link #addCodec} adds. They stay until the channel closes. */
    List<String> codecNames();

    /** The most bytes of whole frames that the codec gets in one write. A larger frame gets a write of its own. */
    int maxRecordBytes();

    /**
     * Writes and flushes the last words of the codec (close_notify, a Close frame). Nothing is written afterwards. The
     * channel has nothing else to write.
     *
     * @return done when the socket has taken them; null where the transport has none, or can't say them any more
     */
    @Nullable
    ChannelFuture farewell(Channel channel);

    /**
     * Facts about a client that only the codec knows, for the backend: names and texts that stand in Opened's map, such
     * as {@code certificate_subject}. Once the codec lets frames through. Any thread.
     */
    default Map<String, String> attributes(Channel channel) {
        return Map.of();
    }

    /** The part of this transport that belongs to one connection. The codec is in its pipeline. */
    default Layer layer(Channel channel) {
        return Layer.NONE;
    }

    /** True if a proxy that speaks this transport can name the address of its client, see {@link Layer#awaitName}. */
    default boolean namesClients() {
        return false;
    }

    /** The form of frames on the wire, if they may go to the socket past the pipeline in that form; else null. */
    default @Nullable WireShape shape() {
        return null;
    }

    /** The records that a channel's frames become, if these may go to the socket past the pipeline; else null. */
    default @Nullable RecordShape records(Channel channel) {
        return null;
    }

    /** True where frames may go straight to the socket, since nothing has to be done to them on the way. */
    default boolean allowsDirectWrites() {
        return codecNames().isEmpty();
    }
}
