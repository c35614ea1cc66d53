package net.voltlane.systemtest.outliving;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import net.voltlane.backend.BackendOptions;
import net.voltlane.backend.EndReason;
import net.voltlane.backend.Handler;
import net.voltlane.backend.Session;
import net.voltlane.backend.VoltlaneBackend;
import net.voltlane.testkit.Ports;
import org.jspecify.annotations.Nullable;

/**
 * A backend of the SDK that answers everything, to each third packet twice, and counts what it is told of sessions. Any
 * thread may ask it.
 */
final class CountingBackend implements Handler, AutoCloseable {
    private static final int TWO_ANSWERS_EVERY = 3;

    private final Map<Integer, Talker> talkers = new ConcurrentHashMap<>();
    private final Map<Long, Integer> started = new ConcurrentHashMap<>();
    private final Map<Long, List<EndReason>> ended = new ConcurrentHashMap<>();
    private final List<String> faults = new ArrayList<>();
    private final VoltlaneBackend backend;

    CountingBackend() {
        try {
            // So that the sessions of a lost server end as soon as their stale time allows it.
            BackendOptions options = BackendOptions.DEFAULT.withOrphanTimeout(Duration.ofSeconds(1));
            backend = VoltlaneBackend.listen(Ports.loopback(0), this, options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a client before it says something. */
    void expect(Talker talker) {
        talkers.put(talker.number, talker);
    }

    @Override
    public void started(Session session) {
        started.merge(session.id(), 1, Integer::sum);
    }

    @Override
    public void data(Session session, byte[] data) {
        Words words = Words.decode(data);
        Talker talker = talkers.get(words.talker());
        if (talker == null || talker.session() != session.id()) {
            fault("session " + session.id() + " sends as " + words);
            return;
        }
        talker.up.came(words.number());
        say(session, talker, words.saidNanos());
        if (words.number() % TWO_ANSWERS_EVERY == 0) {
            say(session, talker, 0);
        }
    }

    /** Says something of its own accord, if it has the session. */
    void sayTo(Talker talker) {
        Session session = backend.session(talker.session());
        if (session != null) {
            say(session, talker, 0);
        }
    }

    private static void say(Session session, Talker talker, long saidNanos) {
        synchronized (talker) {
            if (session.send(new Words(talker.number, talker.down.next(), saidNanos).encode())) {
                talker.down.sent();
            }
        }
    }

    @Override
    public void ended(Session session, EndReason reason) {
        ended.computeIfAbsent(session.id(), id -> new ArrayList<>()).add(reason);
    }

    @Override
    public void failed(@Nullable Session session, Throwable error) {
        fault("the handler failed: " + error);
    }

    private synchronized void fault(String text) {
        faults.add(text);
    }

    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    /** The number of times that it was told that the session has begun. */
    int starts(long session) {
        return started.getOrDefault(session, 0);
    }

    /** The reasons with which it was told that the session is over. */
    List<EndReason> ends(long session) {
        return List.copyOf(ended.getOrDefault(session, List.of()));
    }

    InetSocketAddress address() {
        return backend.address();
    }

    /** The number of sessions that it has. */
    int sessions() {
        return backend.sessions().size();
    }

    @Override
    public void close() {
        backend.close();
    }
}
