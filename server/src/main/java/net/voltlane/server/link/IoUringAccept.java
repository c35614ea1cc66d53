package net.voltlane.server.link;

import io.netty.channel.uring.IoUring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether io_uring works here, and has it accept connections one by one. Everything that asks for io_uring asks here
 * first: Netty decides on how it accepts when its class is loaded, for the whole JVM.
 *
 * <p>Its default is one request for all connections to come (multishot), which the kernel serves until it hears of a
 * cancellation. By then it may have taken everybody in the backlog, however many are wanted, and with them the
 * descriptors that are held back for the master's link and for those who come back.
 */
public final class IoUringAccept {
    private static final Logger log = LoggerFactory.getLogger(IoUringAccept.class);
    private static final String MULTISHOT = "io.netty.iouring.acceptMultiShotEnabled";

    static {
        if (System.getProperty(MULTISHOT) == null) {
            System.setProperty(MULTISHOT, "false");
        }
        if (IoUring.isAvailable() && IoUring.isAcceptMultishotEnabled()) {
            log.warn(
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
