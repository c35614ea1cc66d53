package net.voltlane.systemtest.outliving;

import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import net.voltlane.testkit.FaultRelay;

/**
 * Faults at random moments, several of which may last at the same time. The script follows from the seed; what it meets
 * depends on the machine. For one thread.
 *
 * <p>Two things only are spared. Redis does not forget everything while a server or a client is away: what such a one had
 * is nowhere else. And then no server is hurt until the records are there again.
 */
final class Chaos {
    /** A kind of fault. */
    enum Fault {
        SERVER_KILLED,
        SERVER_STOPPED,
        SERVER_PAUSED,
        REDIS_KILLED,
        REDIS_PAUSED,
        BACKEND_LINKS_CUT
    }

    /** Of 100 faults. */
    private static final Map<Fault, Integer> SHARES = new EnumMap<>(Map.of(
            Fault.SERVER_KILLED, 30,
            Fault.SERVER_STOPPED, 10,
            Fault.SERVER_PAUSED, 20,
            Fault.REDIS_KILLED, 8,
            Fault.REDIS_PAUSED, 12,
            Fault.BACKEND_LINKS_CUT, 20));

    private static final long LONGEST_MILLIS = 5_000;
    private static final long LONGEST_CALM_MILLIS = 1_500;
    private static final long STEP_MILLIS = 10;

    private final Scene scene;
    private final Redis redis;
    private final FaultRelay links;
    private final SplittableRandom random;
    private final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
    /** The repair of each server that is hurt, and its moment; the last is that of Redis. */
    private final Runnable[] repairs;

    private final long[] repairNanos;

    /** @param links through which servers reach the backend */
    Chaos(Scene scene, Redis redis, FaultRelay links, SplittableRandom random) {
        this.scene = scene;
        this.redis = redis;
        this.links = links;
        this.random = random;
        repairs = new Runnable[scene.servers().size() + 1];
        repairNanos = new long[repairs.length];
    }

    /** Lets faults happen for this time, then puts everything right. */
    void run(long seconds) throws InterruptedException {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(seconds)) {
            happen(choose());
            passes(random.nextLong(LONGEST_CALM_MILLIS));
        }
        repairAll();
    }

    Map<Fault, Integer> counts() {
        return counts;
    }

    private Fault choose() {
        int left = random.nextInt(100);
        for (Map.Entry<Fault, Integer> share : SHARES.entrySet()) {
            left -= share.getValue();
            if (left < 0) {
                return share.getKey();
            }
        }
        return Fault.SERVER_KILLED;
    }

    private void happen(Fault fault) throws InterruptedException {
        int place = random.nextInt(scene.servers().size());
        long lastsMillis = random.nextLong(LONGEST_MILLIS);
        Server server = scene.server(place);
        switch (fault) {
            case SERVER_KILLED -> {
                repair(place);
                server.kill();
                lasts(place, lastsMillis, server::start);
            }
            case SERVER_STOPPED -> {
                repair(place);
                server.stop();
                lasts(place, lastsMillis, server::start);
            }
            case SERVER_PAUSED -> {
                repair(place);
                server.pause();
                lasts(place, lastsMillis, server::goOn);
            }
            case REDIS_PAUSED -> {
                repair(repairs.length - 1);
                redis.pause();
                lasts(repairs.length - 1, lastsMillis, redis::goOn);
            }
            case REDIS_KILLED -> redisForgets(lastsMillis);
            case BACKEND_LINKS_CUT -> links.cut();
        }
        counts.merge(fault, 1, Integer::sum);
    }

    private void redisForgets(long lastsMillis) throws InterruptedException {
        repairAll();
        recordsAreThere();
        redis.kill();
        passes(lastsMillis);
        redis.start();
        recordsAreThere();
    }

    private void recordsAreThere() {
        scene.awaitServed();
        scene.await(
                "all records are there",
                () -> redis.records() == scene.talkers().size());
    }

    private void lasts(int place, long millis, Runnable repair) {
        repairs[place] = repair;
        repairNanos[place] = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private void passes(long millis) throws InterruptedException {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(millis)) {
            TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
            for (int i = 0; i < repairs.length; i++) {
                if (System.nanoTime() - repairNanos[i] >= 0) {
                    repair(i);
                }
            }
        }
    }

    private void repair(int place) {
        Runnable repair = repairs[place];
        if (repair != null) {
            repairs[place] = null;
            repair.run();
        }
    }

    private void repairAll() {
        for (int i = 0; i < repairs.length; i++) {
            repair(i);
        }
        scene.servers().forEach(Server::awaitListening);
    }
}
