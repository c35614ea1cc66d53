package net.voltlane.client;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import net.voltlane.client.Connector.Connected;
import net.voltlane.client.SendStore.Packet;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.link3.Ack;
import net.voltlane.protocol.link3.Close;
import net.voltlane.protocol.link3.FrameType;
import net.voltlane.protocol.link3.GoAway;
import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.protocol.link3.LinkFrame;
import net.voltlane.protocol.link3.Parameters;
import net.voltlane.protocol.link3.Pong;
import org.jspecify.annotations.Nullable;

/**
 * A session of version 3. It reads the frames of the present link, and keeps what both ends need to resume without a
 * loss: {@link Version3Sends} for one direction, {@link TakenOver} for the other.
 */
final class Version3Session implements SessionProtocol {

    /** The longest packet that every client takes. */
    static final int MIN_DATA_LIMIT_BYTES = 8 << 20;

    /** The parts of a client that its sessions share. */
    record Parts(SendQueue sends, ReceiveQueue receives, Time time, DoubleSupplier chance) {}

    private final Parts parts;
    private final int maxDataBytes;
    private final Unacknowledged packets;
    private final TakenOver takenOver;
    private final Version3Sends store;

    private volatile Parameters parameters;
    private volatile @Nullable Link link;
    /** True if the link was left because the server had asked for it. */
    private volatile boolean left;

    private int unknownCodes;
    /** The address that the server named when it asked the client to leave; empty: none; null: it has not asked. */
    private @Nullable String elsewhere;
    /** The number of links in a row that were left at the server's request soon after they were made. */
    private int leftSoon;

    private long retryAfterNanos;

    /**
     * @param parameters as told by the first link
     * @param bounds of the packets that are kept
     */
    Version3Session(SessionState state, Parameters parameters, QueueBounds bounds, int maxFrameBytes, Parts parts) {
        Version3State from = state.version3();
        this.parts = parts;
        this.parameters = parameters;
        this.maxDataBytes = Math.max(maxFrameBytes, MIN_DATA_LIMIT_BYTES);
        this.packets = new Unacknowledged(bounds, from.counts(), from.frames());
        this.takenOver = new TakenOver(from.received());
        this.store = new Version3Sends(packets, takenOver, this::giveUp);
    }

    @Override
    public Protocol version() {
        return Protocol.V3;
    }

    @Override
    public SendStore store() {
        return store;
    }

    @Override
    public TakenOver takenOver() {
        return takenOver;
    }

    // ---- links

    @Override
    public void attach(Connected fresh) {
        Terms terms = fresh.terms();
        assert terms != null;
        Link on = fresh.link();
        on.countSilence();
        parts.receives().forgetHeld();
        link = on;
        left = false;
        retryAfterNanos = 0;
        parameters = terms.parameters();
        long nowNanos = parts.time().nowNanos();
        long heartbeatNanos = TimeUnit.SECONDS.toNanos(terms.parameters().heartbeatSecs());
        parts.sends().change(() -> {
            packets.resumed(terms.accepted());
            store.linked(new Heartbeat(heartbeatNanos, on, nowNanos), nowNanos);
            return null;
        });
    }

    @Override
    public void watch() {
        parts.sends().change(() -> {
            store.watch(parts.time().nowNanos());
            return null;
        });
    }

    private void giveUp(String reason) {
        Link present = link;
        if (present != null) {
            left = reason.equals(Version3Sends.ASKED);
            present.close(reason);
            parts.receives().linkClosed();
        }
    }

    @Override
    public ResumeCounts counts(SessionState state) {
        long received = parts.receives().hold(takenOver);
        return new ResumeCounts(received, parts.sends().change(packets::counts));
    }

    // ---- frames

    @Override
    public byte @Nullable [] next(Link from) throws IOException {
        while (true) {
            int type = from.peekType();
            if (type == FrameReader.END) {
                return null;
            }
            if (type == FrameType.DATA) {
                return from.nextBody(maxDataBytes);
            }
            byte[] payload = from.next(Limits.MAX_CONTROL_FRAME_BYTES);
            if (payload == null) {
                return null;
            }
            control(payload);
        }
    }

    private void control(byte[] payload) throws IOException {
        LinkFrame frame;
        try {
            frame = LinkCodec.decode(payload);
        } catch (MalformedPacketException e) {
            throw new ProtocolViolationException("the server sent rubbish: " + e.getMessage(), e);
        }
        if (frame instanceof Ack ack) {
            acknowledged(ack.count());
        } else if (frame instanceof GoAway goAway) {
            elsewhere = goAway.elsewhere();
            leaveWithin(TimeUnit.MILLISECONDS.toNanos(goAway.withinMillis()));
        } else if (frame instanceof Close close) {
            throw new CloseReceived(close);
        } else if (frame != null && !(frame instanceof Pong)) {
            throw new ProtocolViolationException(
                    "the server sent " + frame.getClass().getSimpleName() + ", which has no place here", null);
        }
    }

    private void acknowledged(long count) throws ProtocolViolationException {
        List<Packet> done = parts.sends().acknowledge(() -> packets.acknowledge(count));
        if (done == null) {
            throw new ProtocolViolationException(
                    "the server acknowledged " + count + " packets, which contradicts what was sent", null);
        }
        for (Packet packet : done) { // without the lock, as it runs the program's code
            if (packet.acknowledged() != null) {
                packet.acknowledged().complete(null);
            }
        }
        Thread.interrupted(); // an interrupt that the program's code left behind would close the socket
    }

    private void leaveWithin(long nanos) {
        long atNanos = parts.time().nowNanos() + (long) (nanos * parts.chance().getAsDouble());
        parts.sends().change(() -> {
            store.leaveLinkAt(atNanos);
            return null;
        });
    }

    @Override
    public void handled(byte[] packet) {
        if (takenOver.add(packet.length)) {
            parts.sends().wakeWriter();
        }
    }

    // ---- ends

    @Override
    public void linkEnded(@Nullable IOException cause, long livedNanos) throws ClientException {
        link = null;
        leftSoon = left && livedNanos < Backoff.STABLE_NANOS ? leftSoon + 1 : 0;
        if (parts.sends().change(store::isEnded)) {
            throw Closing.closed();
        }
        if (!(cause instanceof CloseReceived told)) {
            return;
        }
        Close close = told.close();
        ClientException meaning = CloseCodes.exception(close);
        retryAfterNanos = CloseCodes.retryAfterNanos(meaning);
        if (close.known() == null) {
            unknownCodes = livedNanos < Backoff.STABLE_NANOS ? unknownCodes + 1 : 1;
            if (unknownCodes > 1) {
                throw new SessionGoneException(meaning.getMessage() + ", again", meaning);
            }
        } else if (!CloseCodes.keepsSession(close)) {
            throw meaning;
        }
    }

    @Override
    public long agreedWaitNanos() {
        if (left && leftSoon <= 1) {
            return 0;
        }
        return retryAfterNanos > 0 ? retryAfterNanos : -1;
    }

    @Override
    public @Nullable String takeElsewhere() {
        String named = elsewhere;
        elsewhere = null;
        return named;
    }

    @Override
    public long waitingTimeNanos() {
        return TimeUnit.SECONDS.toNanos(parameters.waitSecs());
    }

    @Override
    public boolean hasUnknownCode() {
        return unknownCodes > 0;
    }

    @Override
    public boolean isGone(ClientException end) {
        return parts.sends().change(store::hasLeft) || end instanceof GapException gap && gap.isProved();
    }

    @Override
    public void endNow() {
        parts.sends().change(() -> {
            store.endNow();
            return null;
        });
    }

    @Override
    public SessionState export(SessionState state, boolean withPackets) {
        Version3State now = parts.sends().change(() -> {
            SendCounts counts = packets.counts();
            return withPackets
                    ? state.version3().at(takenOver.packets(), counts, packets.frames())
                    : state.version3().at(takenOver.packets(), counts.withoutPackets(), List.of());
        });
        return new SessionState(state.sessionId(), now, state.serverKey());
    }

    @Override
    public void forgetUntaken() {
        parts.receives().hold(takenOver);
        parts.receives().forgetHeld();
    }

    @Override
    public int unacknowledged() {
        return parts.sends().change(packets::packets);
    }

    @Override
    public long maxPayloadBytes() {
        return parameters.maxPayload();
    }
}
