package net.voltlane.server.link;

import io.netty.channel.uring.IoUring;
import net.voltlane.server.log.LogEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The check for io_uring, which also makes it accept connections one by one. Everything that uses io_uring asks here
 * first, because Netty decides how to accept when its class is loaded, for the whole JVM.
 *
 * <p>Netty's default is one request for all connections to come (multishot), which the kernel serves until it is
 * cancelled. By then the kernel may have accepted the whole backlog, and used up the descriptors that are reserved for the
 * master's link and for returning clients.
 */
public final class IoUringAccept {
    private static final Logger log = LoggerFactory.getLogger(IoUringAccept.class);
    private static final String MULTISHOT = "io.netty.iouring.acceptMultiShotEnabled";

    static {
        if (System.getProperty(MULTISHOT) == null) {
            System.setProperty(MULTISHOT, "false");
        }
        if (IoUring.isAvailable() && IoUring.isAcceptMultishotEnabled()) {
            LogEvent.ACCEPT_UNBOUNDED
                    .on(log)
                    .log(
                            "io_uring accepts clients as they come, over the limit of open descriptors as well; to mend that: -D{}"
                                    + "=false",
                            MULTISHOT);
        }
    }

    private IoUringAccept() {}

    public static boolean isAvailable() {
        return IoUring.isAvailable();
    }
}
