package net.voltlane.store.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import java.time.Duration;

/** Settings of the library's connections: nothing waits while there is no connection, and time is counted by {@link Asker}. */
final class LinkOptions {
    private LinkOptions() {}

    /**
     * Sets what single nodes and clusters have in common.
     *
     * @param connect the time that connecting may take
     */
    static <B extends ClientOptions.Builder> B on(B options, RedisAddress address, Duration connect) {
        options.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(connect)
                        .keepAlive(true)
                        .tcpNoDelay(true)
                        .build())
                .sslOptions(tls(address.files(), connect));
        return options;
    }

    private static SslOptions tls(RedisAddress.TlsFiles files, Duration connect) {
        SslOptions.Builder options = SslOptions.builder().jdkSslProvider().handshakeTimeout(connect);
        if (files.ca() != null) {
            options.trustManager(files.ca());
        }
        if (files.certificate() != null && files.key() != null) {
            options.keyManager(files.certificate(), files.key(), null);
        }
        return options.build();
    }
}
