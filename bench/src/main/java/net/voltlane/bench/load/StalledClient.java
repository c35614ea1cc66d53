package net.voltlane.bench.load;

import java.util.ArrayList;
import java.util.List;

/**
 * A client that speaks once, so that the backend knows it, and then reads no more. When its session was ended the next
 * one takes its place. Its fate does not count for the other clients. Belongs to its loop.
 */
final class StalledClient implements Duty {

    private static final int MAX_ENDS_KEPT = 1000;

    private final LoadLoop loop;
    private final Client client;
    private final Runnable stalled;
    private final List<String> ends = new ArrayList<>();
    private boolean stopped;

    /** @param stalled called on the loop each time that it has stopped reading */
    StalledClient(LoadLoop loop, int index, Runnable stalled) {
        this.loop = loop;
        this.stalled = stalled;
        client = loop.add(index);
        loop.duty(this);
    }

    void start() {
        client.open();
    }

    @Override
    public void ready(Client ready, long nowNanos) {
        ready.send(1);
    }

    @Override
    public void received(Client ready, int sequence, long nowNanos) {
        ready.reads(false);
        stalled.run();
    }

    /** The backend was told of the end of a session. */
    void ended(long id, String reason) {
        // Not ready: it was told already, and is on its way to its next session.
        if (client.isReady() && id == loop.ids().of(client.index())) {
            if (ends.size() < MAX_ENDS_KEPT) {
                ends.add(reason);
            }
            client.cut();
            if (!stopped) {
                client.open();
            }
        }
    }

    @Override
    public void stop(long nowNanos) {
        stopped = true;
        client.cut();
    }

    /** The reasons for which its sessions were ended, in order. */
    List<String> ends() {
        return List.copyOf(ends);
    }
}
