package net.voltlane.bench.load;

import java.util.concurrent.CompletableFuture;

/**
 * Takes all clients of a loop through one {@link Step}, a bounded number at a time. With {@code timed} it times them:
 * from the connecting to the ClientId or, for a resume, to the Ping. A step of {@link Step#TLS} is over when the server
 * has closed.
 */
final class Rollout implements Duty {

    private final LoadLoop loop;
    private final Step step;
    private final int bound;
    private final boolean timed;
    private final CompletableFuture<Integer> done = new CompletableFuture<>();

    private int next;
    private int underWay;
    private int finished;
    private boolean stopped;
    private boolean pumping;

    private Rollout(LoadLoop loop, Step step, int bound, boolean timed) {
        this.loop = loop;
        this.step = step;
        this.bound = bound;
        this.timed = timed;
    }

    /** Completes with the number of those that did it, or failed to. */
    static CompletableFuture<Integer> start(LoadLoop loop, Step step, int bound, boolean timed) {
        Rollout rollout = new Rollout(loop, step, bound, timed);
        loop.duty(rollout);
        rollout.pump();
        return rollout.done;
    }

    private void pump() {
        if (pumping) {
            return; // a step that ended at once; the loop below goes on
        }
        pumping = true;
        while (!stopped && underWay < bound && next < loop.clients().size()) {
            Client client = loop.clients().get(next++);
            if (canBegin(client)) {
                underWay++;
                client.busy = true;
                begin(client);
            }
        }
        pumping = false;
        if (underWay == 0 && (stopped || next == loop.clients().size())) {
            done.complete(finished);
        }
    }

    private boolean canBegin(Client client) {
        return switch (step) {
            case OPEN, OPEN_AND_SPEAK, TLS -> true;
            case RESUME_AND_SPEAK -> client.hasSession();
            case SPEAK -> client.isReady();
        };
    }

    private void begin(Client client) {
        switch (step) {
            case OPEN, OPEN_AND_SPEAK -> client.open();
            case RESUME_AND_SPEAK -> client.resume();
            case TLS -> client.shakeTls();
            case SPEAK -> client.send(1);
        }
    }

    @Override
    public void ready(Client client, long nowNanos) {
        if (!client.busy) {
            return;
        }
        if (timed) {
            loop.meter().record(nowNanos - client.startedNanos());
        }
        if (step == Step.OPEN) {
            finish(client);
        } else if (step != Step.TLS) {
            client.send(1);
        }
    }

    @Override
    public void received(Client client, int sequence, long nowNanos) {
        finish(client);
    }

    @Override
    public void wrong(Client client) {
        finish(client);
    }

    @Override
    public void gone(Client client) {
        finish(client);
    }

    @Override
    public void stop(long nowNanos) {
        stopped = true;
        pump();
    }

    private void finish(Client client) {
        if (client.busy) {
            client.busy = false;
            underWay--;
            finished++;
            pump();
        }
    }
}
