package net.voltlane.bench.load;

import java.util.concurrent.TimeUnit;

/**
 * Messages are due by the clock, client after client, and go out in one tick with all others that are due by then. A
 * link that can't take more keeps nothing waiting here but a count: what is due, and since when, follows from the
 * {@link Schedule}.
 *
 * <p>Message {@code round * clients + index} of the schedule is the message number {@code round} of the client with
 * that index.
 */
final class OpenLoop implements Duty {

    private static final long LONGEST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final LoadLoop loop;
    private final Schedule schedule;
    private final int allClients;

    /** The next that is due on this loop: a round, and the place in the list of its clients. */
    private long round;

    private int next;
    private boolean stopped;
    private long stoppedNanos;

    private OpenLoop(LoadLoop loop, Schedule schedule, int allClients) {
        this.loop = loop;
        this.schedule = schedule;
        this.allClients = allClients;
    }

    static OpenLoop start(LoadLoop loop, Schedule schedule, int allClients) {
        OpenLoop duty = new OpenLoop(loop, schedule, allClients);
        loop.duty(duty);
        loop.clients().forEach(Client::countFromZero);
        duty.tick();
        return duty;
    }

    private void tick() {
        if (stopped) {
            return;
        }
        sendDue(System.nanoTime());
        long wait = dueNanos(round, loop.clients().get(next).index()) - System.nanoTime();
        loop.eventLoop().schedule(this::tick, Math.max(0, Math.min(wait, LONGEST_SLEEP_NANOS)), TimeUnit.NANOSECONDS);
    }

    /**
     * Plays one round at most, in which each client sends all that it owes: links must be read in between, however late
     * it is.
     */
    private void sendDue(long nowNanos) {
        for (int i = 0; i < loop.clients().size(); i++) {
            Client client = loop.clients().get(next);
            if (dueNanos(round, client.index()) > nowNanos) {
                return;
            }
            catchUp(client, dueOf(client, nowNanos));
            advance();
        }
        skipTo(schedule.dueBy(nowNanos));
    }

    private void advance() {
        if (++next == loop.clients().size()) {
            next = 0;
            round++;
        }
    }

    /** Everything before the message with this number was seen to. */
    private void skipTo(long number) {
        while (round * allClients + loop.clients().get(next).index() < number) {
            long behind = (number - round * allClients) / allClients;
            if (behind > 1) {
                round += behind - 1;
            } else {
                advance();
            }
        }
    }

    /** Sends what is due and was not sent, as far as the link takes it. */
    private void catchUp(Client client, long due) {
        while (client.isReady() && client.isWritable()) {
            int count = (int) Math.min(due - client.sent(), loop.messagesPerWrite());
            if (count <= 0) {
                return;
            }
            client.send(count);
        }
    }

    @Override
    public void received(Client client, int sequence, long nowNanos) {
        loop.meter().record(nowNanos - dueNanos(sequence, client.index()));
    }

    @Override
    public void writable(Client client) {
        if (!stopped) {
            catchUp(client, dueOf(client, System.nanoTime()));
        }
    }

    @Override
    public void stop(long nowNanos) {
        sendDue(nowNanos);
        stopped = true;
        stoppedNanos = nowNanos;
    }

    /**
     * Counts what was due but could not be sent, as if it had come just when it all ended: it took at least that long.
     * Without this a server that takes no more would show the latency of what it took.
     *
     * @return how many
     */
    long countUnsent() {
        long unsent = 0;
        for (Client client : loop.clients()) {
            long due = dueOf(client, stoppedNanos);
            for (long sequence = client.sent(); sequence < due; sequence++) {
                loop.meter().record(stoppedNanos - dueNanos(sequence, client.index()));
                unsent++;
            }
        }
        return unsent;
    }

    private long dueOf(Client client, long nowNanos) {
        long all = schedule.dueBy(nowNanos);
        return (all - client.index() + allClients - 1) / allClients;
    }

    private long dueNanos(long sequence, int index) {
        return schedule.dueNanos(sequence * allClients + index);
    }
}
