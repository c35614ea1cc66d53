package net.voltlane.server.uplink;

import java.util.ArrayList;
import java.util.List;
import net.voltlane.server.session.LinkOrigin;
import net.voltlane.server.session.MasterPort;
import org.jspecify.annotations.Nullable;

/** A session of which the uplink is told, and which there is not. */
final class FakeSubject implements MasterPort.Subject {
    private final long id;
    private final boolean isKnownToMaster;

    LinkOrigin origin = new LinkOrigin("192.0.2.1:4711", "192.0.2.254:42000", "tcp");
    int protocolVersion = 2;
    byte @Nullable [] credentials;
    long takenUp;
    long delivered;
    long nextDown = 1;
    long epoch;
    MasterPort.@Nullable Adopting adopting;
    /** The counts of acknowledged packets that it was told, in order. */
    final List<Long> acknowledged = new ArrayList<>();

    private FakeSubject(long id, boolean isKnownToMaster) {
        this.id = id;
        this.isKnownToMaster = isKnownToMaster;
    }

    static FakeSubject known(long id) {
        return new FakeSubject(id, true);
    }

    static FakeSubject unknown(long id) {
        return new FakeSubject(id, false);
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public boolean isKnownToMaster() {
        return isKnownToMaster;
    }

    @Override
    public LinkOrigin origin() {
        return origin;
    }

    @Override
    public int protocolVersion() {
        return protocolVersion;
    }

    @Override
    public byte @Nullable [] credentials() {
        return credentials;
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public MasterPort.@Nullable Adopting adopting() {
        return adopting;
    }

    @Override
    public long takenUp() {
        return takenUp;
    }

    @Override
    public long delivered() {
        return delivered;
    }

    @Override
    public long nextDown() {
        return nextDown;
    }

    @Override
    public void acknowledged(long packets) {
        acknowledged.add(packets);
    }
}
