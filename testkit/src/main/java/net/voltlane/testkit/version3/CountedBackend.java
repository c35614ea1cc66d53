package net.voltlane.testkit.version3;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import net.voltlane.protocol.Frame;
import org.jspecify.annotations.Nullable;

/**
 * A backend process of firehose 3, with one server: over all of its links it counts packets, keeps what the server has
 * not acknowledged, and sends it again on a new link. Whatever the server does against the protocol is an
 * {@link AssertionError}. It belongs to one thread.
 */
public final class CountedBackend {
    /** The application, and whoever judges the server. */
    public interface Watch {
        /** The next Data of a session has come. */
        void data(BackendSession session, long number, byte[] payload);

        /** A session is there. Its next Data from the client, and to it, have these numbers. */
        default void opened(BackendSession session, int flags, long nextUp, long nextDown) {}

        /** Data was sent to a session's client, maybe again. */
        default void sent(BackendSession session, byte[] payload) {}

        default void suspended(BackendSession session, String cause) {}

        default void resumed(BackendSession session, boolean takeover) {}

        default void ended(BackendSession session, int code, long taken, long delivered, String reason) {}

        /** The session's client has acknowledged packets up to this one. */
        default void delivered(BackendSession session, long number) {}

        default void slow(BackendSession session, long bytes) {}

        default void ready(BackendSession session) {}

        /** A link lives; {@code anew} if counts began at 0. */
        default void welcomed(boolean anew) {}
    }

    /** Wishes of Welcome: the server tells what is delivered, and who is slow. */
    public static final int WISHES_ALL = 3;

    private static final int INSTANCE_BYTES = 16;

    final Watch watch;
    private final byte[] instance;
    private final int wishes;
    private final boolean keepsLog;

    private byte @Nullable [] serverInstance;
    private long received;
    private long told;
    private long sent;
    private long acknowledged;
    private final Deque<byte[]> kept = new ArrayDeque<>();

    private final Map<Long, BackendSession> sessions = new LinkedHashMap<>();
    /** Sessions of an earlier pair of instances, whose state this backend has kept. */
    private Map<Long, BackendSession> earlier = new LinkedHashMap<>();

    private @Nullable CountedBackendLink link;

    /**
     * @param instance 16 random bytes
     * @param keepsLog it stores what it had and sent, so that another process can go on with it
     */
    public CountedBackend(byte[] instance, int wishes, boolean keepsLog, Watch watch) {
        this.instance = Arrays.copyOf(instance, INSTANCE_BYTES);
        this.wishes = wishes;
        this.keepsLog = keepsLog;
        this.watch = watch;
    }

    /** Another process, which goes on with what this one has stored, or with nothing. */
    public CountedBackend restarted(byte[] newInstance, Watch newWatch) {
        CountedBackend next = new CountedBackend(newInstance, wishes, keepsLog, newWatch);
        if (keepsLog) {
            next.earlier = stored();
        }
        return next;
    }

    private Map<Long, BackendSession> stored() {
        Map<Long, BackendSession> all = new LinkedHashMap<>(earlier);
        all.putAll(sessions);
        all.values().removeIf(BackendSession::hasEnded);
        return all;
    }

    // ---- links

    /** The server has connected. Nothing more is read from an older link. */
    public CountedBackendLink accept(Consumer<byte[]> out) {
        CountedBackendLink next = new CountedBackendLink(this, out);
        link = next;
        return next;
    }

    public @Nullable CountedBackendLink link() {
        return link;
    }

    boolean isInUse(CountedBackendLink asked) {
        return link == asked;
    }

    /** Hello has come. */
    void hello(CountedBackendLink on, byte[] server, byte[] lastBackend, long receivedByServer) {
        boolean same = Arrays.equals(server, serverInstance) && Arrays.equals(lastBackend, instance);
        if (same) {
            unless(
                    receivedByServer >= acknowledged && receivedByServer <= sent,
                    "the server has received " + receivedByServer + ", acknowledged " + acknowledged + " and sent "
                            + sent);
            dropUpTo(receivedByServer);
        } else {
            unless(isZero(lastBackend) || !Arrays.equals(lastBackend, instance), "spoken to, but not by this server");
            earlier = keepsLog ? stored() : new LinkedHashMap<>();
            sessions.clear();
            kept.clear();
            received = 0;
            sent = 0;
            acknowledged = 0;
            serverInstance = server;
        }
        told = received;
        on.write(
                0,
                PacketFlag.WELCOME,
                new FieldWriter()
                        .u16(3)
                        .bytes(instance)
                        .u64(received)
                        .u16(wishes)
                        .u16(0)
                        .toBytes());
        watch.welcomed(!same);
        kept.forEach(on::writeFrame);
    }

    private static boolean isZero(byte[] bytes) {
        return Arrays.equals(bytes, new byte[bytes.length]);
    }

    // ---- what it sends

    /** Sends Data to a session's client. */
    public void send(BackendSession session, byte[] payload) {
        session.sends(payload, keepsLog);
        numbered(session.id(), PacketFlag.DATA, payload);
        watch.sent(session, payload);
    }

    /** Ends a session, behind what was sent. */
    public void kick(BackendSession session, String text) {
        if (!session.isOver()) {
            session.kick(text);
            numbered(session.id(), PacketFlag.KICK, new FieldWriter().text(text).toBytes());
        }
    }

    /** Sends any packet of at least 9 bytes for any id but 0. */
    public void numbered(long id, int flag, byte[] data) {
        byte[] frame = frame(id, flag, data);
        sent++;
        kept.add(frame);
        if (link != null && link.isLive()) {
            link.writeFrame(frame);
        }
    }

    /** Acknowledges what it has taken over, where there is something new. */
    public void acknowledge() {
        if (link != null && link.isLive() && told < received) {
            told = received;
            link.write(0, PacketFlag.ACK, new FieldWriter().u64(received).toBytes());
        }
    }

    public void ping(byte[] bytes) {
        if (link != null && link.isLive()) {
            link.write(0, PacketFlag.PING, bytes);
        }
    }

    static byte[] frame(long id, int flag, byte[] data) {
        return Frame.of(new FieldWriter().u64(id).u8(flag).bytes(data).toBytes());
    }

    // ---- what it knows

    /** Sessions that were opened and have not ended. */
    public Collection<BackendSession> sessions() {
        return sessions.values();
    }

    public @Nullable BackendSession session(long id) {
        return sessions.get(id);
    }

    /** Numbered packets that it has taken over. */
    public long received() {
        return received;
    }

    /** Numbered packets that it has sent. */
    public long sent() {
        return sent;
    }

    /** Numbered packets of its own that the server has acknowledged. */
    public long acknowledged() {
        return acknowledged;
    }

    /** Numbered packets that it has told the server to have taken over. */
    public long told() {
        return told;
    }

    // ---- for its links

    void isAcknowledged(long number) {
        unless(number >= acknowledged, "an Ack goes back from " + acknowledged + " to " + number);
        unless(number <= sent, "an Ack for " + number + " of " + sent + " sent");
        dropUpTo(number);
    }

    private void dropUpTo(long number) {
        for (; acknowledged < number; acknowledged++) {
            kept.remove();
        }
    }

    /** A numbered packet has come. */
    void packet(long id, int flag, byte[] data) {
        received++;
        FieldReader body = new FieldReader(data);
        if (flag == PacketFlag.OPENED) {
            opened(id, body);
            return;
        }
        BackendSession session = sessions.get(id);
        if (session == null) {
            throw new AssertionError("the backend: flag " + flag + " for session " + id + ", which is not there");
        }
        switch (flag) {
            case PacketFlag.DATA -> data(session, data);
            case PacketFlag.ENDED -> ended(session, body);
            case PacketFlag.SUSPENDED -> {
                session.suspend();
                watch.suspended(session, body.text());
            }
            case PacketFlag.RESUMED -> resumed(session, body);
            case PacketFlag.DELIVERED -> delivered(session, body.count());
            case PacketFlag.SLOW, PacketFlag.READY -> slow(session, flag == PacketFlag.SLOW, body.count());
            default -> throw new AssertionError("flag " + flag + " from the server");
        }
    }

    private void ended(BackendSession session, FieldReader body) {
        sessions.remove(session.id());
        int code = body.u16();
        long taken = body.count();
        long delivered = body.count();
        session.end(taken, delivered);
        watch.ended(session, code, taken, delivered, body.text());
    }

    private void resumed(BackendSession session, FieldReader body) {
        boolean takeover = body.u8() != 0;
        body.text();
        session.resume(takeover);
        watch.resumed(session, takeover);
    }

    private void delivered(BackendSession session, long number) {
        unless((wishes & 1) != 0, "Delivered, and nobody asked");
        session.deliver(number);
        watch.delivered(session, number);
    }

    private void slow(BackendSession session, boolean now, long bytes) {
        unless((wishes & 2) != 0, "Slow or Ready, and nobody asked");
        session.slow(now);
        if (now) {
            watch.slow(session, bytes);
        } else {
            watch.ready(session);
        }
    }

    private void data(BackendSession session, byte[] payload) {
        if (session.data()) {
            watch.data(session, session.received(), payload);
        }
    }

    private void opened(long id, FieldReader body) {
        unless(!sessions.containsKey(id), "session " + id + " is opened twice");
        int flags = body.u8();
        long nextUp = body.count();
        long nextDown = body.count();
        Map<String, byte[]> attributes = new LinkedHashMap<>();
        for (int n = body.u16(); n > 0; n--) {
            attributes.put(body.text(), body.blob());
        }
        unless(nextUp >= 1 && nextDown >= 1, "session " + id + " begins at " + nextUp + " and " + nextDown);
        unless((flags & 1) != 0 || nextUp == 1 && nextDown == 1, "a new session begins at " + nextUp + ", " + nextDown);
        BackendSession session = new BackendSession(id, flags, nextUp, nextDown, attributes);
        sessions.put(id, session);
        BackendSession before = earlier.remove(id);
        if (before != null) {
            session.goesOnAfter(before);
        }
        watch.opened(session, flags, nextUp, nextDown);
        if (before != null) {
            sendAgain(session, before, nextDown);
        }
    }

    private void sendAgain(BackendSession session, BackendSession before, long nextDown) {
        before.storedFrom(nextDown).forEach(payload -> send(session, payload));
        String text = before.kicked();
        if (text != null) {
            kick(session, text);
        }
    }

    static void unless(boolean fine, String message) {
        if (!fine) {
            throw new AssertionError("the backend: " + message);
        }
    }
}
