package net.voltlane.server;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loops, with an ear for one that dies. Netty writes a line to the log when a loop's thread ends of an error,
 * and leaves all sockets of that loop open: peers would wait for a server that will never answer again.
 */
final class Loops extends MultiThreadIoEventLoopGroup {
    private static final Logger log = LoggerFactory.getLogger(Loops.class);

    /** Hears of the first loop that ends before it is told to. */
    interface Mourner {
        /**
         * The loop has stopped serving its sockets, which are still open. Called on its thread, which ends afterwards.
         *
         * @param cause what it died of
         */
        void died(IoEventLoop loop, Throwable cause);
    }

    /** @param threads how many, at least 1 */
    Loops(int threads, IoHandlerFactory handlers, Mourner mourner) {
        super(threads, new DefaultThreadFactory("voltlane-loop"), handlers, mourner);
    }

    @Override
    protected IoEventLoop newChild(Executor executor, IoHandlerFactory handlers, Object... more) {
        return new Loop(this, executor, handlers, (Mourner) more[0]);
    }

    private static final class Loop extends SingleThreadIoEventLoop {
        private final Mourner mourner;

        Loop(Loops all, Executor executor, IoHandlerFactory handlers, Mourner mourner) {
            super(all, executor, handlers);
            this.mourner = mourner;
        }

        @Override
        protected void run() {
            try {
                super.run();
            } catch (Throwable cause) {
                mourner.died(this, cause);
                closeAll(ioHandler());
                throw cause;
            }
        }

        /** Closes every socket of this loop, the listening one included. */
        private static void closeAll(IoHandler sockets) {
            try {
                sockets.prepareToDestroy();
            } catch (Throwable again) {
                log.debug("sockets of a dead loop are left to the end of the process", again);
            }
        }
    }
}
