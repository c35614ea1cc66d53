package net.voltlane.bench;

import java.net.InetSocketAddress;

/** Starts the server that is to be measured where none is named. */
public interface ServerLauncher {

    /**
     * Starts one on loopback and waits until clients are accepted.
     *
     * @param backend where its master listens
     * @throws BenchException if it does not start
     */
    Launched launch(InetSocketAddress backend) throws BenchException, InterruptedException;

    /** A server that runs until it is closed. */
    interface Launched extends AutoCloseable {

        /** The address that clients connect to. */
        InetSocketAddress address();

        /** Its process; 0 if it has none of its own. */
        long pid();

        /** Its version as it says itself, such as {@code 0.1.0}. */
        String version();

        /** A description of the server, for people. */
        String description();

        @Override
        void close();
    }
}
