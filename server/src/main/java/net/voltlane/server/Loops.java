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
 * The event loops, which report the death of one. When an error ends the thread of a loop, Netty only writes a line to
 * the log and leaves all sockets of the loop open: peers would wait for a server that never answers again.
 */
final class Loops extends MultiThreadIoEventLoopGroup {
    private static final Logger log = LoggerFactory.getLogger(Loops.class);

    /** Called for each loop that ends before it was told to. */
    interface DeathListener {
        /**
         * The loop has stopped serving its sockets, which are still open. Called on its thread, which ends afterwards.
         *
         * @param cause the error that ended it
         */
        void died(IoEventLoop loop, Throwable cause);
    }

    /** @param threads the number of loops, at least 1 */
    Loops(int threads, IoHandlerFactory handlers, DeathListener listener) {
        super(threads, new DefaultThreadFactory("voltlane-loop"), handlers, listener);
    }

    @Override
    protected IoEventLoop newChild(Executor executor, IoHandlerFactory handlers, Object... more) {
        return new Loop(this, executor, handlers, (DeathListener) more[0]);
    }

    private static final class Loop extends SingleThreadIoEventLoop {
        private final DeathListener listener;

        Loop(Loops all, Executor executor, IoHandlerFactory handlers, DeathListener listener) {
            super(all, executor, handlers);
            this.listener = listener;
        }

        @Override
        protected void run() {
            try {
                super.run();
            } catch (Throwable cause) {
                listener.died(this, cause);
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
