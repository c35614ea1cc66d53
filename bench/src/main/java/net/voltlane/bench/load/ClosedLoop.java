package net.voltlane.bench.load;

/**
 * Each client has {@code depth} messages under way: the next goes out when one has come back. Latency counts from the
 * sending.
 */
final class ClosedLoop implements Duty {

    private final LoadLoop loop;
    private final int depth;
    private final int mask;
    private boolean stopped;

    private ClosedLoop(LoadLoop loop, int depth) {
        this.loop = loop;
        this.depth = depth;
        mask = Math.max(1, Integer.highestOneBit(2 * depth - 1)) - 1;
    }

    static void start(LoadLoop loop, int depth) {
        ClosedLoop duty = new ClosedLoop(loop, depth);
        loop.duty(duty);
        for (Client client : loop.clients()) {
            client.sentAtNanos = new long[duty.mask + 1];
            duty.readComplete(client, System.nanoTime());
        }
    }

    @Override
    public void received(Client client, int sequence, long nowNanos) {
        loop.meter().record(nowNanos - client.sentAtNanos[sequence & mask]);
    }

    /**
     * Answers all that came with one write. Lost messages are made up for, or a client would fall silent after a few.
     */
    @Override
    public void readComplete(Client client, long nowNanos) {
        int count = depth - client.underWay();
        if (stopped || count <= 0) {
            return;
        }
        int first = client.sent();
        long sentNanos = System.nanoTime();
        for (int i = 0; i < count; i++) {
            client.sentAtNanos[(first + i) & mask] = sentNanos;
        }
        client.send(count);
    }

    @Override
    public void stop(long nowNanos) {
        stopped = true;
    }
}
