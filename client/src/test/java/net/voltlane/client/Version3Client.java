package net.voltlane.client;

import java.io.IOException;
import java.time.Duration;
import net.voltlane.client.ScriptedServer.Script;
import net.voltlane.testkit.version3.ClientKeys;
import net.voltlane.testkit.version3.ScriptedServerLink;
import net.voltlane.testkit.version3.ScriptedServerLink.Session;

/** The fixture of tests with a client of version 3, a {@link ScriptedServer}, and clocks moved by hand. */
abstract class Version3Client {

    /** The server's behaviour on one link of version 3. */
    @FunctionalInterface
    interface Script3 {
        void run(ScriptedServerLink link, Peer peer) throws Exception;
    }

    static final Duration LONG = Duration.ofSeconds(20);

    final FakeTime time = new FakeTime();
    final HandTime linkTime = new HandTime();
    final Recorder events = new Recorder();
    final ClientKeys serverKeys = new ClientKeys();
    final VersionMemory memory = new VersionMemory(time);
    volatile Session session = new Session(0, new byte[0], new byte[0]);
    volatile double chance = 0.5;

    ClientBuilder client(ScriptedServer server) {
        return server.client()
                .protocol(Protocol.V3)
                .listener(events)
                .environment(new Environment(time, () -> chance, ScriptedServer.RANDOM, linkTime, memory));
    }

    Script version3(Script3 script) {
        return peer -> script.run(peer.version3(serverKeys), peer);
    }

    /** Opens session 1, and goes on. */
    Script opens(Script3 then) {
        return version3((link, peer) -> {
            session = link.open(1);
            then.run(link, peer);
        });
    }

    /** Resumes the session, and goes on. */
    Script resumes(long accepted, Script3 then) {
        return version3((link, peer) -> {
            link.resume(session, accepted);
            then.run(link, peer);
        });
    }

    /** Waits for a Resume, and goes on. */
    Script asked(Script3 then) {
        return version3((link, peer) -> {
            link.askedToResume(session);
            then.run(link, peer);
        });
    }

    /** Acknowledges everything until the client leaves. */
    static void serve(ScriptedServerLink link, Peer peer) throws IOException {
        link.serve();
    }

    static void reset(ScriptedServerLink link, Peer peer) throws IOException {
        peer.reset();
    }

    static void echo(ScriptedServerLink link, Peer peer) throws IOException {
        link.echo();
    }
}
