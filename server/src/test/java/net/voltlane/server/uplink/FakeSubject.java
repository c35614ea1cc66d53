package net.voltlane.server.uplink;

import net.voltlane.server.session.LinkOrigin;
import net.voltlane.server.session.MasterPort;
import org.jspecify.annotations.Nullable;

/** A session of which the uplink is told, and which there is not. */
record FakeSubject(long id, boolean isKnownToMaster) implements MasterPort.Subject {
    static FakeSubject known(long id) {
        return new FakeSubject(id, true);
    }

    static FakeSubject unknown(long id) {
        return new FakeSubject(id, false);
    }

    @Override
    public LinkOrigin origin() {
        return new LinkOrigin("192.0.2.1:4711", "192.0.2.254:42000", "test");
    }

    @Override
    public int protocolVersion() {
        return 2;
    }

    @Override
    public byte @Nullable [] credentials() {
        return null;
    }

    @Override
    public long takenUp() {
        return 0;
    }

    @Override
    public long delivered() {
        return 0;
    }

    @Override
    public long nextDown() {
        return 1;
    }

    @Override
    public void acknowledged(long packets) {}
}
