package net.voltlane.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Loopback addresses for tests. */
public final class Ports {
    private Ports() {}

    /**
     * A TCP port of the loopback interface that nobody listens on at this moment. Another process may take it before
     * the caller does; kernels hand ephemeral ports out in turn, so that is rare enough for tests.
     */
    public static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The given port of the loopback interface. */
    public static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
