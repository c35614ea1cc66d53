package net.voltlane.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A storm of clients of version 3 that return at once, from accept to Resumed, with one event loop and one proof thread.
 * The sockets are memory, so the kernel's share is missing; the clients' hashes and proofs are in it.
 */
public class ResumeBenchmark extends Timed {
    private static final int CLIENTS = 1_000;

    /** Sessions whose keys nobody has computed. */
    @State(Scope.Thread)
    public static class Unknown {
        private ReturningClients clients;

        @Setup(Level.Trial)
        public void begin() {
            clients = new ReturningClients(CLIENTS);
        }

        @Setup(Level.Invocation)
        public void open() {
            clients.open();
        }

        @TearDown(Level.Invocation)
        public void cut() {
            clients.cut();
        }

        @TearDown(Level.Trial)
        public void end() {
            clients.close();
        }
    }

    /** Sessions that were resumed before. */
    @State(Scope.Thread)
    public static class Known {
        private ReturningClients clients;
        private long curves;

        @Setup(Level.Trial)
        public void begin() {
            clients = new ReturningClients(CLIENTS);
            clients.open();
            clients.resume();
            clients.cut();
            curves = clients.curves();
        }

        @TearDown(Level.Invocation)
        public void cut() {
            clients.cut();
        }

        @TearDown(Level.Trial)
        public void end() {
            if (clients.curves() != curves) {
                throw new IllegalStateException("keys were computed though all were known");
            }
            clients.close();
        }
    }

    /** The first resume of each session, which needs its key. */
    @Benchmark
    @OperationsPerInvocation(CLIENTS)
    public void first(Unknown state) {
        state.clients.resume();
    }

    /** A later resume of each session. */
    @Benchmark
    @OperationsPerInvocation(CLIENTS)
    public void later(Known state) {
        state.clients.resume();
    }
}
