package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.numbered;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.proof.KeyPair;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.testkit.ClientIdentity;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.Test;

/** Section limits on real sockets, strangers and owners at addresses of their own. */
class LimitsTest {
    private static final int STRANGERS_ADDRESSES = 8;

    /** Silent connections from 127.0.0.2 and its neighbours. */
    private static List<ScriptedClient> flood(World world, int n) {
        List<ScriptedClient> flood = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            flood.add(world.connectFrom("127.0.0." + (2 + i % STRANGERS_ADDRESSES)));
        }
        return flood;
    }

    private static void isTurnedAway(ScriptedClient newcomer) {
        newcomer.send(new ProtocolVersion(Limits.PROTOCOL_VERSION));
        newcomer.expect(PubKey.class);
        newcomer.send(new PubKey(KeyPair.generate(new SecureRandom()).publicKey()));
        assertThat(newcomer.readUntilClosed().rest()).isEmpty();
    }

    @Test
    void whileAFloodHoldsAllHandshakesOwnersComeBackPlayersPlayOnAndNewClientsGetIn() {
        try (World world =
                World.setup().with("limits.max_pending_handshakes", 80).start()) {
            ClientIdentity owner = world.openHeard().identity();
            ScriptedClient player = world.openHeard();
            world.settle();
            List<ScriptedClient> flood = flood(world, 100);
            for (int round = 0; round < 5; round++) {
                ScriptedClient back = world.connect();
                byte[] box = back.requestChallenge(owner.id());
                flood.addAll(flood(world, 10));
                back.send(new ChallengeResponse(ScriptedClient.answer(box, owner)), new Ping());
                back.expect(Ping.class);
                back.adopt(owner);
                world.roundTripAfterReconnection(back);
                world.roundTrip(player);
            }
            world.roundTrip(world.open());
            flood.forEach(ScriptedClient::close);
            world.serveHonestClients();
        }
    }

    @Test
    void silentConnectionsFromOneAddressKeepNobodyElseOut() {
        try (World world =
                World.setup().with("limits.max_pending_handshakes", 80).start()) {
            ClientIdentity owner = world.openHeard().identity();
            world.settle();
            List<ScriptedClient> silent = new ArrayList<>();
            for (int i = 0; i < 120; i++) {
                silent.add(world.connectFrom("127.0.0.2"));
            }
            for (int i = 0; i < 20; i++) {
                world.roundTrip(world.open());
                world.roundTripAfterReconnection(world.resumed(owner));
                silent.add(world.connectFrom("127.0.0.2"));
            }
            assertThat(silent.get(0).readUntilClosed().rest()).isEmpty();
            silent.forEach(ScriptedClient::close);
            world.server()
                    .awaitErrorLine(
                            line -> line.contains("over limits.max_pending_handshakes, the oldest handshake of the"
                                    + " busiest address (last: 127.0.0.2)"),
                            World.LINE_LIMIT);
        }
    }

    @Test
    void anAddressHasItsShareOfTheHandshakes() {
        try (World world =
                World.setup().with("limits.max_pending_handshakes_per_ip", 4).start()) {
            List<ScriptedClient> silent = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                silent.add(world.connectFrom("127.0.0.2"));
            }
            assertThat(silent.get(0).readUntilClosed().rest()).isEmpty();
            silent.get(4).openSession();
            world.serveHonestClients();
        }
    }

    @Test
    void anAddressHasItsNumberOfClientsAndEachMayTakeItsSessionOver() {
        try (World world = World.setup().with("limits.max_clients_per_ip", 2).start()) {
            ScriptedClient one = world.connectFrom("127.0.0.2");
            one.openSession();
            world.introduce(one);
            world.connectFrom("127.0.0.2").openSession();
            isTurnedAway(world.connectFrom("127.0.0.2"));
            world.connectFrom("127.0.0.3").openSession();
            for (int i = 0; i < 3; i++) {
                ScriptedClient again = world.connectFrom("127.0.0.2");
                again.resume(one.identity());
                world.roundTripAfterReconnection(again);
            }
            isTurnedAway(world.connectFrom("127.0.0.2"));
        }
    }

    @Test
    void whoIsDeniedHearsNothing() {
        try (World world = World.setup()
                .with("limits.deny", List.of("127.0.0.2", "2001:db8::/32"))
                .start()) {
            assertThat(world.connectFrom("127.0.0.2").readUntilClosed().rest()).isEmpty();
            world.serveHonestClients();
        }
    }

    @Test
    void wrongProofsBanTheirAddressAlone() {
        try (World world =
                World.setup().with("limits.failed_resumes_per_min_per_ip", 2).start()) {
            ScriptedClient owner = world.openHeard();
            for (int i = 0; i < 3; i++) {
                ScriptedClient thief = world.connectFrom("127.0.0.2");
                byte[] box = thief.requestChallenge(owner.id());
                thief.send(new ChallengeResponse(box));
                thief.readUntilClosed(Duration.ofSeconds(8));
                thief.close();
            }
            assertThat(world.connectFrom("127.0.0.2").readUntilClosed().rest()).isEmpty();
            world.roundTrip(owner);
            world.roundTripAfterReconnection(world.resumed(owner.identity()));
        }
    }

    @Test
    void aClientThatSendsTooMuchIsSlowedDownAndLosesNothing() {
        try (World world =
                World.setup().with("limits.packets_per_sec_per_client", 200).start()) {
            ScriptedClient client = world.openHeard();
            ScriptedClient other = world.openHeard();
            byte[][] packets = new byte[500][];
            for (int i = 0; i < packets.length; i++) {
                packets[i] = Frame.of(numbered(i, 200));
            }
            client.write(packets);
            world.roundTrip(other);
            for (int i = 0; i < packets.length; i++) {
                assertThat(world.master().dataOf(client.id())).isEqualTo(numbered(i, 200));
            }
        }
    }

    @Test
    void orByChoiceIsEnded() {
        try (World world = World.setup()
                .with("limits.packets_per_sec_per_client", 5)
                .with("limits.rate_policy", "kick")
                .start()) {
            ScriptedClient client = world.openHeard();
            for (int i = 0; i < 20; i++) {
                client.send(numbered(i, 20));
            }
            int heard = 0;
            FirehosePacket packet = world.master().nextFor(client.id());
            for (; packet.flag() == Flag.DATA; packet = world.master().nextFor(client.id())) {
                assertThat(packet.data()).isEqualTo(numbered(heard++, 20));
            }
            assertThat(heard).as("packets before the end").isGreaterThanOrEqualTo(4);
            assertThat(packet).isEqualTo(new FirehosePacket(client.id(), Flag.FAILURE, utf8("Rate limit")));
            world.expectGone(client.identity());
        }
    }
}
