package net.voltlane.server.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.Tag;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.WorldFailure;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.version3.BackendSession;
import net.voltlane.testkit.version3.CountedBackend;
import net.voltlane.testkit.version3.FieldReader;

/**
 * The judge of what goes over a firehose 3, in both directions: numbers that go on where they should, the same packets
 * when they are sent again, acknowledgements for what has come, and for each session what passed the {@link Junction}.
 */
final class FirehoseJudge implements CountedBackend.Watch {
    private static final int DATA = 0x00;
    private static final int ENDED = 0x01;
    private static final int KICK = 0x02;
    private static final int OPENED = 0x04;
    private static final int HELLO = 0x10;
    private static final int WELCOME = 0x11;
    private static final int ACK = 0x12;
    private static final int INSTANCE_BYTES = 16;

    private final World world;
    private FrameStream read = new FrameStream(0, payload -> {});

    /** Numbered packets of the backend that the server has read, of this pair of instances. */
    private long serverRead;
    /** Numbered packets of the server that the backend has acknowledged to it. */
    private int acknowledged;
    /** All numbered packets of this pair that sockets have taken. */
    private final List<byte[]> wire = new ArrayList<>();
    /** Of {@code wire}, those that this link has taken, or need not. */
    private int position;

    private boolean welcomed;
    private boolean anew;

    private int acknowledgedData;
    private long acknowledgedBytes;

    /** Of each session the number of the last Data that sockets have taken, as the backend counts. */
    private final Map<Long, Long> taken = new HashMap<>();

    /** Of each session the number of Data that backends have acknowledged. */
    private final Map<Long, Long> dataAcknowledged = new HashMap<>();

    private final Set<Long> endTaken = new HashSet<>();
    private final Set<Long> mayBeForgotten = new HashSet<>();
    /** Of each session the number of the last Data that any backend has had. */
    private final Map<Long, Long> arrived = new HashMap<>();
    /** Sessions that the present backend was told of, and not their end. */
    private final Set<Long> open = new HashSet<>();

    FirehoseJudge(World world) {
        this.world = world;
    }

    private Junction junction() {
        return world.server.junction;
    }

    // ---- what sockets take, and the server reads

    void linkBegins() {
        welcomed = false;
        read = new FrameStream(world.rules.uplink().maxFrameBytes(), this::serverReadPacket);
    }

    /** The server's socket has taken a packet. */
    void taken(byte[] payload) {
        FieldReader body = new FieldReader(payload);
        long id = body.u64();
        int flag = body.u8();
        if (id != 0) {
            numbered(id, flag, payload, body);
        } else if (flag == HELLO) {
            body.u16();
            body.bytes(INSTANCE_BYTES);
            boolean nobody = Arrays.equals(body.bytes(INSTANCE_BYTES), new byte[INSTANCE_BYTES]);
            long received = body.count();
            unless(
                    received == (nobody ? 0 : serverRead),
                    "Hello says " + received + ", and " + serverRead + " were read");
        } else if (flag == ACK) {
            long number = body.count();
            unless(number <= serverRead, "acknowledges " + number + ", and " + serverRead + " were read");
        }
    }

    private void numbered(long id, int flag, byte[] payload, FieldReader body) {
        unless(welcomed, "a packet before Welcome");
        if (position < wire.size()) {
            unless(Arrays.equals(wire.get(position), payload), "not the same again: number " + (position + 1));
            position++;
            return;
        }
        wire.add(payload);
        position++;
        world.trace.note(id, () -> "=> master: number " + wire.size() + " of " + id + ", flag " + flag);
        switch (flag) {
            case OPENED -> {
                body.u8();
                taken.put(id, body.count() - 1);
            }
            case DATA -> taken.merge(id, 1L, Long::sum);
            case ENDED -> endTaken.add(id);
            default -> {}
        }
    }

    /** The server has read bytes of the backend. */
    void serverReads(byte[] bytes) {
        read.feed(bytes);
    }

    private void serverReadPacket(byte[] payload) {
        if (payload.length < Tag.BYTES) {
            return;
        }
        FieldReader body = new FieldReader(payload);
        long id = body.u64();
        int flag = body.u8();
        if (id == 0) {
            if (flag == WELCOME) {
                welcome(body);
            } else if (flag == ACK) {
                acknowledges((int) body.count());
            }
            return;
        }
        serverRead++;
        Session3 session = world.book.thirds.byId(id);
        if (session == null) {
            world.book.fromMaster(payload);
        } else if (flag == DATA) {
            session.due(body.rest());
        } else if (flag == KICK) {
            session.kicked();
        }
    }

    private void welcome(FieldReader body) {
        body.u16();
        body.bytes(INSTANCE_BYTES);
        int received = (int) body.count();
        welcomed = true;
        if (anew) {
            anew = false;
            for (byte[] lost : wire.subList(acknowledged, wire.size())) {
                endTaken.remove(new FieldReader(lost).u64());
            }
            wire.clear();
            taken.clear();
            forgetEnded();
            serverRead = 0;
            acknowledged = 0;
        } else {
            acknowledges(received);
        }
        position = received;
    }

    /** A new instance is not told of sessions of which only the end is left, where too many ends are kept. */
    private void forgetEnded() {
        junction().ids().stream()
                .filter(id -> junction().endOf(id) != null)
                .filter(id -> dataAcknowledged.getOrDefault(id, 0L)
                        == junction().dataOf(id).size())
                .forEach(mayBeForgotten::add);
    }

    private boolean isForgotten(long id) {
        return mayBeForgotten.contains(id) && world.server.count(Metric.MASTER_SESSIONS_FORGOTTEN) > 0;
    }

    private void acknowledges(int number) {
        for (; acknowledged < number; acknowledged++) {
            byte[] payload = wire.get(acknowledged);
            if (payload[Tag.BYTES - 1] == DATA) {
                acknowledgedData++;
                acknowledgedBytes += Frame.PREFIX_BYTES + payload.length;
                long id = new FieldReader(payload).u64();
                dataAcknowledged.merge(id, 1L, Long::sum);
                Session3 third = world.book.thirds.byId(id);
                if (third != null) {
                    third.isTakenOver();
                }
            }
        }
    }

    // ---- what the backend gets

    @Override
    public void welcomed(boolean countsBeginAnew) {
        if (countsBeginAnew) {
            anew = true;
            open.clear();
        }
    }

    @Override
    public void opened(BackendSession session, int flags, long nextUp, long nextDown) {
        long id = session.id();
        world.trace.note(id, () -> "backend: opened " + session + ", flags " + flags);
        unless(junction().wasOpened(id), id, "opened, and nobody has it");
        unless(open.add(id), id, "opened twice");
        unless(nextUp - 1 <= arrived.getOrDefault(id, 0L), id, "goes on at " + nextUp + ", and that never came");
        Session3 third = third(session);
        boolean over = junction().endOf(id) != null;
        String protocol = text(session, "protocol");
        unless(protocol.equals(third == null ? "2" : "3"), id, "is told to be of protocol " + protocol);
        if (third != null) {
            unless(
                    Arrays.equals(session.attributes().get("credentials"), third.credentials()),
                    id,
                    "is told with other credentials");
            if (!over) {
                third.downGoesOnAt(nextDown);
            }
            return;
        }
        unless(over || nextDown - 1 == world.book.duePackets(id), id, "goes on at " + nextDown + " of version 2");
    }

    private Session3 third(BackendSession session) {
        byte[] credentials = session.attributes().getOrDefault("credentials", new byte[0]);
        return world.book.thirds.of(session.id(), credentials);
    }

    private static String text(BackendSession session, String key) {
        return Bytes.text(session.attributes().getOrDefault(key, new byte[0]));
    }

    @Override
    public void data(BackendSession session, long number, byte[] payload) {
        long id = session.id();
        List<byte[]> forwarded = junction().dataOf(id);
        unless(number <= forwarded.size(), id, "gets #" + number + " of " + forwarded.size());
        unless(Arrays.equals(forwarded.get((int) number - 1), payload), id, "gets other data than #" + number);
        arrived.merge(id, number, Math::max);
        Session3 third = world.book.thirds.byId(id);
        if (third != null) {
            third.arrived(number, payload);
        }
    }

    @Override
    public void ended(BackendSession session, int code, long had, long delivered, String reason) {
        long id = session.id();
        world.trace.note(id, () -> "backend: ended " + session + ", " + code + " " + reason);
        open.remove(id);
        Reason end = junction().endOf(id);
        unless(end != null, id, "is told to have ended");
        unless(code == end.closeCode().code(), id, "ended for " + end + ", and the code is " + code);
        unless(
                had == junction().dataOf(id).size(),
                id,
                "ended with " + had + " of " + junction().dataOf(id).size());
        Session3 third = world.book.thirds.byId(id);
        unless(third == null || delivered <= third.client.told(), id, "ended, delivered " + delivered);
    }

    @Override
    public void delivered(BackendSession session, long number) {
        long id = session.id();
        Session3 third = world.book.thirds.byId(id);
        SessionModel life = world.book.life(id);
        if (third != null) {
            unless(number <= third.client.told(), id, number + " delivered, " + third.client.told() + " acknowledged");
        } else if (life != null) {
            unless(number <= life.takenPackets(), id, number + " delivered, " + life.takenPackets() + " taken");
        }
    }

    @Override
    public void suspended(BackendSession session, String cause) {
        world.trace.note(session.id(), () -> "backend: suspended " + session + ": " + cause);
    }

    @Override
    public void resumed(BackendSession session, boolean takeover) {
        world.trace.note(session.id(), () -> "backend: resumed " + session + ", takeover: " + takeover);
    }

    @Override
    public void sent(BackendSession session, byte[] payload) {
        Session3 third = world.book.thirds.byId(session.id());
        if (third != null) {
            third.sentDown(payload);
        }
    }

    // ---- what the rules need to know

    /** The server knows who this link's backend is. */
    boolean isWelcomed() {
        return welcomed;
    }

    /** Sockets have taken all that the junction has. */
    boolean hasAll() {
        return junction().ids().stream().allMatch(this::isAllTaken);
    }

    private boolean isAllTaken(long id) {
        int data = junction().dataOf(id).size();
        return endTaken.contains(id)
                || isForgotten(id)
                || junction().endOf(id) == null && taken.getOrDefault(id, 0L) == data
                || data == 0;
    }

    /** The backend has acknowledged all that sockets have taken, and the server knows. */
    boolean hasAcknowledged() {
        return welcomed && acknowledged == wire.size();
    }

    SimMaster.Waiting waiting() {
        return new SimMaster.Waiting(
                junction().dataPackets() - acknowledgedData, junction().dataBytes() - acknowledgedBytes);
    }

    void allHaveEnded() {
        unless(open.isEmpty(), "were not told to have ended: " + open);
    }

    private static void unless(boolean fine, String message) {
        unless(fine, 0, message);
    }

    private static void unless(boolean fine, long id, String message) {
        WorldFailure.unless(fine, id, "firehose 3" + (id == 0 ? "" : ", session " + id) + ": " + message);
    }
}
