package net.voltlane.bench.load;

/** Clients only listen: message number {@code k} of the backend, the same for all, was due by its {@link Schedule}. */
final class Listening implements Duty {

    private final LoadLoop loop;
    private final Schedule schedule;

    private Listening(LoadLoop loop, Schedule schedule) {
        this.loop = loop;
        this.schedule = schedule;
    }

    static void start(LoadLoop loop, Schedule schedule) {
        loop.clients().forEach(Client::countFromZero);
        loop.duty(new Listening(loop, schedule));
    }

    @Override
    public void received(Client client, int sequence, long nowNanos) {
        loop.meter().record(nowNanos - schedule.dueNanos(sequence));
    }
}
