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
        // What follows is read and dropped until the peer closes.
        channel.pipeline().names().stream()
                .filter(name -> channel.pipeline().context(name) != null)
                .filter(name -> !HttpPipeline.CONNECTION.equals(name))
                .forEach(name -> channel.pipeline().remove(name));
        socket.shutdownOutput().addListener(shut -> {
            channel.config().setAutoRead(true);
            channel.read();
            channel.eventLoop().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        });
    }
}
