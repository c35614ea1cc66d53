package net.voltlane.client;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.client.ScriptedServer.Script;

/** The fixture of tests with a client, a {@link ScriptedServer} and a clock moved by hand. */
abstract class ScriptedClient {
    static final Duration LONG = Duration.ofSeconds(20);

    final FakeTime time = new FakeTime();
    final Recorder events = new Recorder();
    volatile Peer.Session session = new Peer.Session(0, new byte[0]);

    /** Returns a builder for a client whose random waits are always nearly as long as their bounds. */
    ClientBuilder client(ScriptedServer server) {
        return server.client()
                .listener(events)
                .environment(new Environment(time, () -> 0.999999999, ScriptedServer.RANDOM));
    }

    /** Opens a session, and resets the link at the first packet. */
    Script opensAndResets(long id) {
        return peer -> {
            session = peer.open(id);
            peer.receive();
            peer.reset();
        };
    }

    Script resumesAnd(Script then) {
        return peer -> {
            peer.resume(session);
            then.run(peer);
        };
    }

    Script asked(Script then) {
        return peer -> {
            peer.askedToResume(session);
            then.run(peer);
        };
    }

    static void echo(Peer peer) throws IOException {
        while (true) {
            peer.data(peer.receive());
        }
    }

    static Script[] times(int count, Script script, Script... then) {
        List<Script> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(script);
        }
        all.addAll(List.of(then));
        return all.toArray(Script[]::new);
    }

    static Script[] after(Script first, Script... then) {
        return times(1, first, then);
    }

    List<Long> waitsInMillis() {
        return time.waits().stream()
                .map(wait -> Math.round(wait.toNanos() / 1e6))
                .toList();
    }

    Script decoy() {
        return peer -> {
            peer.decoy(session);
            peer.stall();
        };
    }
}
