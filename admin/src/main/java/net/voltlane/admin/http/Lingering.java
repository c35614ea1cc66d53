package net.voltlane.admin.http;

import io.netty.channel.Channel;
import io.netty.channel.socket.SocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * The end of a connection whose peer may still be sending. Closing at once would reset it, and the peer could lose the
 * answer that tells what was wrong.
 */
final class Lingering {
    private static final long LINGER_MILLIS = 1_000;

    void close(Channel channel) {
        if (!(channel instanceof SocketChannel socket)) {
            channel.close();
            return;
        }
        socket.shutdownOutput().addListener(shut -> {
            channel.config().setAutoRead(true);
            channel.eventLoop().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        });
    }
}
