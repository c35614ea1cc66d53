package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.testkit.Firehose;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.Test;

/** Section 5: told means delivered. A backend learns of a session by its data, and by nothing else. */
class ToldTest {
    /** Redials are spaced by a backoff. */
    private static final Duration REDIAL = Duration.ofSeconds(15);

    @Test
    void whoSaysNothingAndComesBackAndGoesIsNeverMentioned() {
        try (World world = World.setup()
                .with("clients.stale_timeout_secs", 1)
                .with("clients.stale_reap_interval_secs", 1)
                .start()) {
            ScriptedClient silent = world.open();
            world.cut(silent);
            ScriptedClient back = world.resumed(silent.identity());
            world.settle();
            world.cut(back);
            // Not asked for sooner: a resume would keep it alive.
            world.master().expectSilenceOf(silent.id(), Duration.ofMillis(2_500));
            world.expectGone(silent.identity());
            world.serveHonestClientsAndNobodyElse();
        }
    }

    @Test
    void aNewClientOfTheTimeWithoutABackendBeginsWithItsData() {
        try (World world = World.setup().start()) {
            world.master().timeout(REDIAL);
            ScriptedClient known = world.openHeard();
            world.master().stopListening();
            world.master().accept().cut();
            ScriptedClient newcomer = world.open();
            newcomer.send(utf8("one"));
            newcomer.send(utf8("two"));
            world.master().listenAgain();
            Firehose second = world.master().accept();
            second.expectReconnection(known.id());
            assertThat(second.next()).isEqualTo(new FirehosePacket(newcomer.id(), Flag.DATA, utf8("one")));
            assertThat(second.next()).isEqualTo(new FirehosePacket(newcomer.id(), Flag.DATA, utf8("two")));

            second.cut();
            world.master().accept().expectReconnection(newcomer.id());
            world.roundTrip(newcomer);
        }
    }
}
