package net.voltlane.server;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import net.voltlane.protocol.SystemWords;
import net.voltlane.tcp.unix.UnixSocketFile;

/** The file of a Unix socket that a listener takes. */
final class SocketFile implements ListeningPort.Place {
    private final Listeners.Settings listener;
    private final UnixSocketFile file;

    private SocketFile(Listeners.Settings listener) {
        this.listener = listener;
        file = new UnixSocketFile(Path.of(listener.address().host()));
    }

    /**
     * Makes sure that the path can be had, as far as that can be told before the socket is bound.
     *
     * @throws StartException if it can't
     */
    static SocketFile of(Listeners.Settings listener) {
        SocketFile place = new SocketFile(listener);
        place.clear();
        return place;
    }

    @Override
    public UnixDomainSocketAddress address() {
        return file.boundAddress();
    }

    @Override
    public UnixDomainSocketAddress local(SocketAddress bound) {
        return file.address();
    }

    @Override
    public void clear() {
        try {
            file.clear();
        } catch (IOException e) {
            throw new StartException(failure(e));
        }
    }

    @Override
    public void taken() {
        try {
            file.publish(listener.socketMode());
        } catch (IOException | UnsupportedOperationException e) {
            throw new StartException(failure(e));
        }
    }

    @Override
    public String failure(Throwable why) {
        return PortReservation.failure(listener, SystemWords.of(why));
    }

    @Override
    public void close() {
        file.delete();
    }
}
