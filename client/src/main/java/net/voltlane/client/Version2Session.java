package net.voltlane.client;

import java.io.IOException;
import net.voltlane.client.Connector.Connected;
import org.jspecify.annotations.Nullable;

/** A session of version 2, which knows no acknowledgements, and no reasons but those that a WebSocket closes with. */
final class Version2Session implements SessionProtocol {

    private final int maxFrameBytes;
    private final SendStore store = new Version2Sends();
    private final TakeoverDetector takeoverDetector = new TakeoverDetector();

    Version2Session(int maxFrameBytes) {
        this.maxFrameBytes = maxFrameBytes;
    }

    @Override
    public Protocol version() {
        return Protocol.V2;
    }

    @Override
    public SendStore store() {
        return store;
    }

    @Override
    public @Nullable TakenOver takenOver() {
        return null;
    }

    @Override
    public void attach(Connected fresh) {
        // A link of version 2 has no terms.
    }

    @Override
    public ResumeCounts counts(SessionState state) {
        throw new AssertionError("version 2 has no counts");
    }

    @Override
    public byte @Nullable [] next(Link from) throws IOException {
        return from.next(maxFrameBytes);
    }

    @Override
    public void handled(byte[] packet) {
        // Nobody is told.
    }

    @Override
    public void linkEnded(@Nullable IOException cause, long livedNanos) throws ClientException {
        if (cause instanceof CloseReceived told
                && told.close().known() != null
                && !CloseCodes.keepsSession(told.close())) {
            throw CloseCodes.exception(told.close());
        }
        takeoverDetector.linkEnded(cause == null, livedNanos);
    }

    @Override
    public long agreedWaitNanos() {
        return -1;
    }

    @Override
    public long waitingTimeNanos() {
        return 0;
    }

    @Override
    public boolean hasUnknownCode() {
        return false;
    }

    @Override
    public boolean isGone(ClientException end) {
        return end instanceof SessionGoneException;
    }

    @Override
    public void endNow() {
        // The end waits for nothing.
    }

    @Override
    public SessionState export(SessionState state, boolean withPackets) {
        return state;
    }

    @Override
    public int unacknowledged() {
        return 0;
    }

    @Override
    public long maxPayloadBytes() {
        return Long.MAX_VALUE;
    }
}
