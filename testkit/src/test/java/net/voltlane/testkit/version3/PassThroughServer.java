package net.voltlane.testkit.version3;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import net.voltlane.protocol.Frame;

/** As much of a server as stands between {@link CountedClient}s and a {@link CountedBackend}: no bounds, no time. */
final class PassThroughServer {
    /** A fault that it is to have. */
    enum Fault {
        NONE,
        DROPS_AN_ACK,
        ACCEPTS_ONE_MORE,
        FORGETS_TO_COUNT_A_KICK,
        SENDS_ONE_TOO_FEW_AGAIN,
        GIVES_TWICE
    }

    private static final class Session {
        final long id;
        final byte[] clientKey;
        final List<byte[]> down = new ArrayList<>();
        long taken;
        long acknowledged;
        ClientLink link;

        Session(long id, byte[] clientKey) {
            this.id = id;
            this.clientKey = clientKey;
        }
    }

    private record Logged(byte[] frame, Session session, boolean isData) {}

    private final Fault fault;
    private final byte[] shared;
    private final byte[] serverKey;
    private final Map<Long, Session> sessions = new HashMap<>();
    private long ids = 1000;

    private final byte[] instance = Arrays.copyOf(new byte[] {1, 2, 3}, 16);
    private byte[] lastBackend = new byte[16];
    private final List<Logged> log = new ArrayList<>();
    private long dropped;
    private long received;
    private Consumer<byte[]> firehose;
    private boolean welcomed;

    /** @param shared the secret that the only client key shares with it */
    PassThroughServer(Fault fault, byte[] serverKey, byte[] shared) {
        this.fault = fault;
        this.serverKey = serverKey;
        this.shared = shared;
    }

    // ---- clients

    final class ClientLink {
        private final Consumer<byte[]> out;
        private int frames;
        private Session session;
        private byte[] resume;
        private byte[] challenge;

        ClientLink(Consumer<byte[]> out) {
            this.out = out;
        }

        private void write(int type, FieldWriter body) {
            out.accept(Frame.of(new FieldWriter().u8(type).bytes(body.toBytes()).toBytes()));
        }

        void frame(byte[] payload) {
            if (frames++ == 0) {
                return;
            }
            FieldReader body = new FieldReader(payload);
            int type = body.u8();
            switch (type) {
                case FrameType.OPEN -> {
                    session = new Session(++ids, body.bytes(32));
                    session.link = this;
                    sessions.put(session.id, session);
                    write(
                            FrameType.OPENED,
                            new FieldWriter()
                                    .bytes(serverKey)
                                    .u64(session.id)
                                    .u16(20)
                                    .u32(100)
                                    .u32(60));
                    numbered(
                            session,
                            PacketFlag.OPENED,
                            new FieldWriter().u8(0).u64(1).u64(1).u16(0));
                }
                case FrameType.RESUME -> {
                    resume = payload;
                    challenge = new FieldWriter()
                            .u8(FrameType.CHALLENGE)
                            .bytes(new byte[32])
                            .toBytes();
                    out.accept(Frame.of(challenge));
                }
                case FrameType.ANSWER -> answer(body.bytes(32));
                case FrameType.DATA -> {
                    if (session != null && session.link == this) {
                        session.taken++;
                        numbered(session, PacketFlag.DATA, new FieldWriter().bytes(body.rest()));
                    }
                }
                default -> {}
            }
        }

        private void answer(byte[] ofClient) {
            FieldReader asked = new FieldReader(resume);
            asked.u8();
            session = sessions.get(asked.u64());
            long clientReceived = asked.u64();
            SessionProof proof = new SessionProof(shared, session.id, session.clientKey, serverKey);
            byte[] transcript = SessionProof.transcript(resume, challenge);
            if (!Arrays.equals(ofClient, proof.ofClient(transcript))) {
                throw new AssertionError("a wrong proof");
            }
            session.link = this;
            long accepted = session.taken + (fault == Fault.ACCEPTS_ONE_MORE ? 1 : 0);
            byte[] behind =
                    new FieldWriter().u64(accepted).u16(20).u32(100).u32(60).toBytes();
            write(
                    FrameType.RESUMED,
                    new FieldWriter()
                            .bytes(proof.ofServer(transcript, ofClient, behind))
                            .bytes(behind));
            acknowledge();
            numbered(session, PacketFlag.RESUMED, new FieldWriter().u8(1).text("there"));
            int from = (int) clientReceived + (fault == Fault.SENDS_ONE_TOO_FEW_AGAIN ? 1 : 0);
            for (int i = from; i < session.down.size(); i++) {
                write(FrameType.DATA, new FieldWriter().bytes(session.down.get(i)));
            }
        }

        void acknowledge() {
            write(FrameType.ACK, new FieldWriter().u64(session.acknowledged));
        }
    }

    private void numbered(Session session, int flag, FieldWriter data) {
        byte[] frame = CountedBackend.frame(session.id, flag, data.toBytes());
        log.add(new Logged(frame, session, flag == PacketFlag.DATA));
        if (welcomed) {
            firehose.accept(frame);
        }
    }

    // ---- the backend

    void connects(Consumer<byte[]> out) {
        firehose = out;
        welcomed = false;
        out.accept(CountedBackend.frame(
                0,
                PacketFlag.HELLO,
                new FieldWriter()
                        .u16(3)
                        .bytes(instance)
                        .bytes(lastBackend)
                        .u64(received)
                        .u16(0)
                        .toBytes()));
    }

    void packet(byte[] payload) {
        FieldReader body = new FieldReader(payload);
        long id = body.u64();
        int flag = body.u8();
        if (id != 0) {
            if (fault != Fault.FORGETS_TO_COUNT_A_KICK || flag == PacketFlag.DATA) {
                received++;
            }
            Session session = sessions.get(id);
            if (flag == PacketFlag.DATA && session != null) {
                byte[] data = body.rest();
                session.down.add(data);
                for (int n = fault == Fault.GIVES_TWICE && session.down.size() % 50 == 0 ? 2 : 1; n > 0; n--) {
                    session.link.write(FrameType.DATA, new FieldWriter().bytes(data));
                }
            }
        } else if (flag == PacketFlag.WELCOME) {
            body.u16();
            lastBackend = body.bytes(16);
            taken(body.u64());
            welcomed = true;
            log.forEach(logged -> firehose.accept(logged.frame));
        } else if (flag == PacketFlag.ACK) {
            taken(body.u64());
        }
    }

    private void taken(long number) {
        for (; dropped < number; dropped++) {
            Logged logged = log.remove(0);
            if (logged.isData) {
                logged.session.acknowledged += fault == Fault.DROPS_AN_ACK && dropped % 40 == 0 ? 0 : 1;
                logged.session.link.acknowledge();
            }
        }
    }
}
