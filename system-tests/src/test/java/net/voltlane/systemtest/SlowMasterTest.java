package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.numbered;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.voltlane.proof.KeyPair;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 5, bounds: a master that does not read. Clients are held back; nothing is lost, and memory stays bounded. */
class SlowMasterTest {
    private static final int PACKET_BYTES = 32 * 1024;
    private static final int CLIENTS = 4;
    /** All clients together send more than the server has memory, if it lets them. */
    private static final long MAX_BYTES_PER_CLIENT = 60L << 20;

    private World world;

    @BeforeEach
    void start() {
        begin(World.setup().with("master.channel_capacity_bytes", 1024 * 1024));
    }

    private void begin(World.Setup setup) {
        world = setup.with("clients.missed_packets_buffer_size", 100)
                .masterBuffer(16 * 1024)
                .jvm("-Xmx96m", "-XX:MaxDirectMemorySize=96m")
                .start();
        world.master().timeout(Duration.ofSeconds(15));
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void itCostsNobodyItsSessionHoweverLittleMemoryIsConfigured(String transport) {
        world.close();
        begin(World.setup().with("limits.max_buffered_bytes", 1).with("listener.transport", transport));
        holdsClientsBackAndLosesNothing();
    }

    @Test
    void clientsAreHeldBackAndNothingIsLost() {
        holdsClientsBackAndLosesNothing();
    }

    private void holdsClientsBackAndLosesNothing() {
        List<Flood> floods = floodUntilHeldBack();
        world.master().resumeReading();
        for (Flood flood : floods) {
            flood.client().timeout(Duration.ofSeconds(15));
            flood.finish();
        }
        for (Flood flood : floods) {
            for (int i = 0; i < flood.packets(); i++) {
                assertThat(Bytes.number(world.master().dataOf(flood.client().id())))
                        .isEqualTo(i);
            }
        }
        world.serveHonestClients();
    }

    @Test
    void newClientsAndResumesGetThroughTheirHandshakesMeanwhile() {
        ScriptedClient known = world.openHeard();
        known.cut();
        List<Flood> floods = floodUntilHeldBack();

        ScriptedClient fresh = world.connect().timeout(Duration.ofSeconds(2));
        fresh.openSession();
        fresh.send(utf8("from the new one"));
        ScriptedClient again = world.connect().timeout(Duration.ofSeconds(2));
        again.resume(known.identity());
        again.send(utf8("from the old one"));

        world.master().send(fresh.id(), utf8("downstream goes on"));
        assertThat(fresh.receive()).isEqualTo(utf8("downstream goes on"));

        world.master().resumeReading();
        assertThat(world.master().dataOf(fresh.id())).isEqualTo(utf8("from the new one"));
        world.master().expectReconnection(known.id());
        assertThat(world.master().dataOf(known.id())).isEqualTo(utf8("from the old one"));
        assertThat(floods).allMatch(flood -> flood.packets() > 0);
    }

    @Test
    void dataForNobodyIsNotAnsweredWhileTheQueueIsAtItsBound() {
        ScriptedClient reader = world.openHeard();
        floodUntilHeldBack();
        for (int i = 0; i < 100; i++) {
            world.master().send(4711, utf8("anyone?"));
        }
        world.master().send(reader.id(), utf8("behind"));
        assertThat(reader.receive()).isEqualTo(utf8("behind"));
        world.master().resumeReading();
        world.roundTrip(reader);
        world.master().expectSilenceOf(4711, Duration.ofMillis(100));
    }

    @Test
    void whatTheMasterSendsIsDeliveredThoughItDoesNotRead() {
        ScriptedClient reader = world.openHeard();
        floodUntilHeldBack();
        for (int i = 0; i < 200; i++) {
            world.master().send(reader.id(), numbered(i, PACKET_BYTES));
            assertThat(Bytes.number(reader.receive())).isEqualTo(i);
        }
    }

    @Test
    void bothSidesFullAtOnceIsNoDeadlock() {
        List<Flood> floods = floodUntilHeldBack();
        // The flooding clients do not read either: fill them too, within their bounds.
        for (int i = 0; i < 100; i++) {
            for (Flood flood : floods) {
                world.master().send(flood.client().id(), numbered(i, PACKET_BYTES));
            }
        }
        world.master().resumeReading();
        for (Flood flood : floods) {
            flood.client().timeout(Duration.ofSeconds(15));
            for (int i = 0; i < 100; i++) {
                assertThat(Bytes.number(flood.client().receive())).isEqualTo(i);
            }
            flood.finish();
            for (int i = 0; i < flood.packets(); i++) {
                assertThat(Bytes.number(world.master().dataOf(flood.client().id())))
                        .isEqualTo(i);
            }
        }
        world.serveHonestClients();
    }

    @Test
    void aClientThatIsHeldBackAndThenLostLosesNothingThatWasTaken() {
        List<Flood> floods = floodUntilHeldBack();
        for (Flood flood : floods) {
            flood.client().cut();
        }
        world.master().resumeReading();
        for (Flood flood : floods) {
            long id = flood.client().id();
            ScriptedClient again = world.resumed(flood.client().identity());
            int next = 0;
            FirehosePacket packet = world.master().nextFor(id);
            for (; packet.flag() == Flag.DATA; packet = world.master().nextFor(id)) {
                assertThat(Bytes.number(packet.data())).isEqualTo(next++);
            }
            assertThat(packet.flag()).isEqualTo(Flag.RECONNECTION);
            world.roundTrip(again);
        }
    }

    /** Each brings a key, which is checked elsewhere, and data that its FIN forces in meanwhile. */
    @Test
    void strangersWhoSendAheadAndGoDoNotFillTheMemory() {
        world.close();
        begin(World.setup().with("limits.max_buffered_bytes", 8L << 20).with("clients.max_stale_clients", 10));
        ScriptedClient known = world.openHeard();
        world.master().pauseReading();
        PubKey key = new PubKey(KeyPair.generate(new SecureRandom()).publicKey());
        byte[] all = Bytes.concat(
                HandshakeCodec.frame(new ProtocolVersion(2)), HandshakeCodec.frame(key), Frame.of(new byte[60_000]));
        for (int round = 0; round < 10; round++) {
            List<ScriptedClient> crowd =
                    Stream.generate(world::connect).limit(200).toList();
            for (ScriptedClient each : crowd) {
                try {
                    each.write(all);
                    each.shutdownOutput();
                } catch (AssertionError e) {
                    // sent away already
                }
            }
            crowd.forEach(each -> each.readUntilClosed(Duration.ofSeconds(10)));
            crowd.forEach(ScriptedClient::close);
        }
        world.master().resumeReading();
        world.roundTrip(known);
        world.serveHonestClients(); // and memory that was not there would be an internal error, which the end looks for
    }

    private List<Flood> floodUntilHeldBack() {
        List<Flood> floods = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            ScriptedClient client = world.connect(64 * 1024);
            client.openSession();
            floods.add(new Flood(client, PACKET_BYTES));
        }
        world.settle();
        world.master().pauseReading();
        for (Flood flood : floods) {
            flood.untilHeldBack(MAX_BYTES_PER_CLIENT);
        }
        return floods;
    }
}
