package net.voltlane.cli.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import net.voltlane.proof.ChallengeAnswer;
import net.voltlane.proof.InvalidKeyException;
import net.voltlane.proof.KeyPair;
import net.voltlane.proof.SharedKey;
import net.voltlane.protocol.Challenge;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.HandshakePacket;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import org.jspecify.annotations.Nullable;

/**
 * A client: it connects, sends, checks what comes back, is cut off if its plan says so, and comes back under its own
 * id.
 *
 * <pre>
 * ABSENT -> GREETING -> TALKING -> AWAITING_ECHOES -> AWAY -> RETURNING -> TALKING -> ...
 *               any of them -> FAILED
 * </pre>
 */
final class DemoClient {

    /** The way in which the backend sends to a client unasked. */
    @FunctionalInterface
    interface Backend {
        boolean send(long id, byte[] data);
    }

    private enum Phase {
        ABSENT,
        GREETING,
        TALKING,
        AWAITING_ECHOES,
        AWAY,
        RETURNING,
        FAILED
    }

    private static final int MAX_FILLER_BYTES = 400;
    private static final long NEWS_PAUSE_NANOS = 40_000_000L;
    private static final long NEWS_AFTER_RETURN_NANOS = 200_000_000L;

    private final int number;
    private final Plan plan;
    private final InetSocketAddress server;
    private final Selector selector;
    private final Backend backend;
    private final Tally tally;
    private final SecureRandom secureRandom;
    private final SplittableRandom random;

    private final KeyPair keys;
    private byte @Nullable [] serverKey;
    private long id;

    private Phase phase = Phase.ABSENT;
    private @Nullable Connection connection;
    private boolean wasCut;
    private long nextSendNanos;
    private long returnNanos;
    private long returnedNanos = Long.MAX_VALUE;
    private long nextNewsNanos;
    private int sent;
    private int echoed;
    private int newsSent;
    private int newsReceived;

    DemoClient(int number, Plan plan, Stage stage) {
        this.number = number;
        this.plan = plan;
        this.server = stage.server();
        this.selector = stage.selector();
        this.backend = stage.backend();
        this.tally = stage.tally();
        this.secureRandom = stage.secureRandom();
        this.random = stage.random().split();
        this.keys = KeyPair.generate(secureRandom);
    }

    /** Does what is due. */
    void tick(long nowNanos) {
        try {
            switch (phase) {
                case ABSENT -> {
                    if (nowNanos >= plan.connectNanos()) {
                        phase = Phase.GREETING;
                        connect(new PubKey(keys.publicKey()));
                    }
                }
                case TALKING -> talk(nowNanos);
                case AWAITING_ECHOES -> cutOnceEchoesAreIn(nowNanos);
                case AWAY -> {
                    if (nowNanos >= returnNanos) {
                        phase = Phase.RETURNING;
                        connect(new ClientId(id));
                    }
                }
                default -> {
                    // waits for the server, or for nothing any more
                }
            }
        } catch (IOException e) {
            fail(e);
        }
        backendsNews(nowNanos);
    }

    /** Handles the frames that have come. */
    void ready(long nowNanos) {
        Connection current = connection;
        if (current == null) {
            return;
        }
        try {
            current.proceed();
            byte[] payload = current.next();
            while (payload != null) {
                received(payload, nowNanos);
                payload = current.next();
            }
        } catch (IOException | MalformedPacketException | InvalidKeyException e) {
            fail(e);
        }
    }

    /** True if nothing is on its way to this client any more. */
    boolean isSettled(long nowNanos) {
        boolean allHere = phase == Phase.TALKING && echoed == sent && newsReceived == newsSent;
        return phase == Phase.FAILED || allHere && !newsGoesOn(nowNanos);
    }

    boolean isAway() {
        return phase == Phase.AWAY || phase == Phase.RETURNING;
    }

    /** Leaves, and counts what never came as lost. */
    void leave() {
        tally.lost += sent - echoed + (newsSent - newsReceived);
        if (phase != Phase.TALKING && phase != Phase.FAILED) {
            tally.failed("client " + number + " was still " + phase.name().toLowerCase(Locale.ROOT) + " at the end");
        }
        if (connection != null) {
            connection.close();
        }
    }

    /** Sends ahead what needs no answer, as the protocol allows. */
    private void connect(HandshakePacket who) throws IOException {
        connection = Connection.open(server, selector, this);
        connection.send(HandshakeCodec.frame(new ProtocolVersion(Limits.PROTOCOL_VERSION)));
        connection.send(HandshakeCodec.frame(who));
    }

    private void talk(long nowNanos) throws IOException {
        // The backend can't send news to a client that it has never heard of.
        if (!wasCut && sent > 0 && nowNanos >= plan.cutNanos()) {
            phase = Phase.AWAITING_ECHOES;
        } else if (nowNanos >= nextSendNanos && nowNanos < plan.endNanos()) {
            nextSendNanos = nowNanos + plan.pauseNanos();
            Message message = new Message(Message.Kind.ECHO, /* client= */ number, /* number= */ sent, nowNanos);
            send(Frame.of(message.encode(random.nextInt(MAX_FILLER_BYTES))));
            sent++;
            tally.sent++;
        }
    }

    /** Cuts the link when nothing is under way: protocol 2 would lose it. */
    private void cutOnceEchoesAreIn(long nowNanos) throws IOException {
        Connection current = connection;
        if (echoed == sent && current != null) {
            current.cut();
            connection = null;
            phase = Phase.AWAY;
            wasCut = true;
            returnNanos = nowNanos + plan.awayNanos();
            nextNewsNanos = nowNanos + NEWS_PAUSE_NANOS;
            tally.cutOff++;
        }
    }

    /** The backend's part: it goes on sending to a client that is cut off, and for a while after that one came back. */
    private void backendsNews(long nowNanos) {
        if (newsGoesOn(nowNanos) && nowNanos >= nextNewsNanos) {
            nextNewsNanos = nowNanos + NEWS_PAUSE_NANOS;
            Message news = new Message(Message.Kind.NEWS, number, newsSent, nowNanos);
            if (backend.send(id, news.encode(random.nextInt(MAX_FILLER_BYTES)))) {
                newsSent++;
                tally.newsSent++;
            } else {
                tally.failed("the backend lost its link with the server");
                phase = Phase.FAILED;
            }
        }
    }

    private boolean newsGoesOn(long nowNanos) {
        boolean backForAWhile = returnedNanos != Long.MAX_VALUE && nowNanos >= returnedNanos + NEWS_AFTER_RETURN_NANOS;
        return wasCut && !backForAWhile && phase != Phase.FAILED;
    }

    private void received(byte[] payload, long nowNanos)
            throws IOException, MalformedPacketException, InvalidKeyException {
        switch (phase) {
            case GREETING -> greeted(HandshakeCodec.decode(payload));
            case RETURNING -> returning(HandshakeCodec.decode(payload), nowNanos);
            default -> message(payload, nowNanos);
        }
    }

    private void greeted(HandshakePacket packet) throws IOException {
        if (packet instanceof PubKey key && serverKey == null) {
            serverKey = key.key();
        } else if (packet instanceof ClientId given && serverKey != null) {
            id = given.id();
            phase = Phase.TALKING;
            tally.connected++;
        } else {
            throw unexpected(packet);
        }
    }

    private void returning(HandshakePacket packet, long nowNanos) throws IOException, InvalidKeyException {
        byte[] known = serverKey;
        if (packet instanceof PubKey key) {
            if (!Arrays.equals(known, key.key())) {
                throw new IOException("the server has another key than before");
            }
        } else if (packet instanceof Challenge challenge && known != null) {
            byte[] answer = ChallengeAnswer.to(challenge.box(), SharedKey.derive(keys, known), secureRandom);
            if (answer == null) {
                throw new IOException("the server does not know the session any more");
            }
            send(HandshakeCodec.frame(new ChallengeResponse(answer)));
            send(HandshakeCodec.frame(new Ping()));
        } else if (packet instanceof Ping) {
            phase = Phase.TALKING;
            returnedNanos = nowNanos;
            tally.resumed++;
        } else {
            throw unexpected(packet);
        }
    }

    private void message(byte[] payload, long nowNanos) {
        Message message = Message.decode(payload);
        if (message == null || message.client() != number) {
            tally.mixedUp++;
        } else if (message.kind() == Message.Kind.ECHO) {
            if (message.number() == echoed) {
                echoed++;
                tally.echoed++;
                tally.latency(nowNanos - message.sentNanos());
            } else {
                tally.mixedUp++;
            }
        } else if (message.number() == newsReceived) {
            newsReceived++;
            tally.newsReceived++;
            if (message.sentNanos() < returnedNanos) {
                tally.newsMissedAndCaughtUp++;
            }
        } else {
            tally.mixedUp++;
        }
    }

    private void send(byte[] frame) throws IOException {
        Connection current = connection;
        if (current != null) {
            current.send(frame);
        }
    }

    private void fail(Exception e) {
        tally.failed("client " + number + ", " + phase.name().toLowerCase(Locale.ROOT) + ": " + e.getMessage());
        phase = Phase.FAILED;
        if (connection != null) {
            connection.close();
        }
    }

    private static IOException unexpected(HandshakePacket packet) {
        return new IOException("unexpected " + packet.getClass().getSimpleName());
    }
}
