package net.voltlane.server.simulation;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.Tag;
import net.voltlane.server.link.Bufs;
import net.voltlane.server.session.LifeOrder;
import net.voltlane.server.session.MasterPort;
import net.voltlane.server.session.WorldFailure;
import net.voltlane.server.uplink.MasterUplink;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.version3.FieldReader;
import org.jspecify.annotations.Nullable;

/**
 * The point at which the clients' side and the master's side of the server meet: all that is for the master passes
 * here, in one order. The book judges it, and the master's sockets are held against it.
 */
final class Junction implements MasterPort {
    private final ProtocolModel book;
    private final MasterUplink uplink;
    private final boolean mayBlock;
    /** The payloads of all firehose frames, in order. */
    private final List<byte[]> stream = new ArrayList<>();

    /** Data of each session, in order. */
    private final Map<Long, List<byte[]>> data = new LinkedHashMap<>();

    private final Map<Long, Reason> ends = new HashMap<>();
    private int dataPackets;
    private long dataBytes;

    private final LifeOrder order = new LifeOrder();
    private boolean blocked;

    Junction(ProtocolModel book, MasterUplink uplink, boolean mayBlock) {
        this.book = book;
        this.uplink = uplink;
        this.mayBlock = mayBlock;
    }

    List<byte[]> stream() {
        return stream;
    }

    /** Sessions that were ever opened. */
    Set<Long> ids() {
        return data.keySet();
    }

    boolean wasOpened(long id) {
        return data.containsKey(id);
    }

    /** The data of a session that has passed. */
    List<byte[]> dataOf(long id) {
        return data.getOrDefault(id, List.of());
    }

    int dataPackets() {
        return dataPackets;
    }

    long dataBytes() {
        return dataBytes;
    }

    /** The reason for which a session has ended; null while it has not. */
    @Nullable
    Reason endOf(long id) {
        return ends.get(id);
    }

    boolean isBlocked() {
        return blocked;
    }

    void frames(ByteBuf buf, int index, int length) {
        for (byte[] payload : Bufs.payloads(Bufs.bytes(buf, index, length))) {
            stream.add(payload);
            dataPackets++;
            dataBytes += Frame.PREFIX_BYTES + payload.length;
            data.computeIfAbsent(new FieldReader(payload).u64(), id -> new ArrayList<>())
                    .add(Arrays.copyOfRange(payload, Tag.BYTES, payload.length));
            book.world.judge(() -> book.forwarded(payload));
        }
        uplink.frames(buf, index, length);
    }

    @Override
    public void opened(Subject session) {
        order.opened(session);
        data.computeIfAbsent(session.id(), id -> new ArrayList<>());
        uplink.opened(session);
    }

    @Override
    public long firstPacket(Subject session) {
        order.firstPacket(session);
        return uplink.firstPacket(session);
    }

    @Override
    public void suspended(Subject session, String cause) {
        order.suspended(session);
        Session3 third = book.thirds.byId(session.id());
        if (third != null) {
            third.suspended(true);
        }
        uplink.suspended(session, cause);
    }

    @Override
    public void resumed(Subject session, boolean isTakeover) {
        order.resumed(session);
        Session3 third = book.thirds.byId(session.id());
        if (third != null) {
            third.suspended(false);
        }
        if (session.isKnownToMaster()) {
            add(Tag.frame(session.id(), Flag.RECONNECTION, new byte[0]));
            book.world.judge(() -> book.reconnection(session.id()));
        }
        uplink.resumed(session, isTakeover);
    }

    @Override
    public void ended(Subject session, Reason reason, byte[] text) {
        order.ended(session);
        ends.put(session.id(), reason);
        Session3 third = book.thirds.byId(session.id());
        if (third != null) {
            book.world.judge(() -> third.ended(reason));
        }
        if (session.isKnownToMaster()) {
            failure(session.id(), reason);
        }
        uplink.ended(session, reason, text);
    }

    @Override
    public void dataFollows(Subject session) {
        order.dataFollows(session);
        uplink.dataFollows(session);
    }

    @Override
    public void delivered(Subject session) {
        uplink.delivered(session);
    }

    @Override
    public void taken(Subject session, long packets) {
        uplink.taken(session, packets);
    }

    @Override
    public void slow(Subject session, long keptBytes) {
        uplink.slow(session, keptBytes);
    }

    @Override
    public void ready(Subject session, long keptBytes) {
        uplink.ready(session, keptBytes);
    }

    @Override
    public boolean wantsDelivered() {
        return uplink.wantsDelivered();
    }

    @Override
    public boolean acknowledges() {
        return uplink.acknowledges();
    }

    @Override
    public boolean notFound(long id) {
        boolean answered = uplink.notFound(id);
        if (answered) {
            failure(id, Reason.CLIENT_NOT_FOUND);
        }
        return answered;
    }

    private void failure(long id, Reason reason) {
        add(Tag.frame(id, Flag.FAILURE, Bytes.utf8(reason.text())));
        book.world.judge(() -> book.failure(id, reason));
    }

    private void add(byte[] frame) {
        byte[] payload = new byte[frame.length - Frame.PREFIX_BYTES];
        System.arraycopy(frame, Frame.PREFIX_BYTES, payload, 0, payload.length);
        stream.add(payload);
    }

    @Override
    public void block() {
        WorldFailure.unless(mayBlock, 0, "the firehose waits for a client");
        WorldFailure.unless(!blocked, 0, "blocked twice");
        blocked = true;
        uplink.block();
    }

    @Override
    public void unblock() {
        WorldFailure.unless(blocked, 0, "unblocked without a block");
        blocked = false;
        uplink.unblock();
    }
}
