package net.voltlane.server.edge;

import static net.voltlane.server.edge.EdgeClient.VERSION;
import static net.voltlane.server.edge.EdgeClient.frames;
import static net.voltlane.testkit.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.PubKey;
import net.voltlane.server.metrics.Metric;
import org.junit.jupiter.api.Test;

final class HandshakeResourcesTest extends HandshakeCase {
    @Test
    void whatTheExecutorHasNoPlaceForWaitsInTurn() {
        harness.computations.hold(1);
        List<EdgeClient> clients = Stream.generate(harness::connect).limit(3).toList();
        for (EdgeClient client : clients) {
            client.send(VERSION, new PubKey(client.keys.publicKey()));
        }
        assertThat(harness.count(Metric.PROOFS_DEFERRED)).isEqualTo(2);
        for (EdgeClient client : clients) {
            assertThat(client.rest()).isEmpty();
            assertThat(harness.computations.waiting()).isOne();
            harness.computations.runOne();
            harness.run();
            client.expect(PubKey.class);
            client.adopt();
        }
    }

    @Test
    void placesThatOthersGaveBackAreFoundByTheSweep() {
        harness.computations.hold(0);
        EdgeClient client = harness.connect();
        client.send(VERSION, new PubKey(client.keys.publicKey()));
        harness.computations.hold(1);
        harness.advance(Duration.ofMillis(100));
        harness.computations.runAll();
        harness.run();
        client.expect(PubKey.class);
        client.adopt();
    }

    @Test
    void nothingIsComputedForAClientThatHasGone() {
        harness.computations.hold(1);
        EdgeClient gone = harness.connect();
        gone.send(VERSION, new PubKey(new byte[33]));
        EdgeClient next = harness.connect();
        next.send(VERSION, new PubKey(next.keys.publicKey()));
        gone.channel.broken(new IOException("reset by peer"));
        harness.run();
        harness.computations.runOne();
        harness.run();
        assertThat(harness.count(Metric.REJECTED_KEY)).isZero();
        harness.computations.runAll();
        harness.run();
        next.expect(PubKey.class);
        next.adopt();
    }

    @Test
    void whileAKeyIsCheckedNothingIsRead() {
        harness.computations.hold(1);
        EdgeClient client = harness.connect();
        client.send(frames(VERSION, new PubKey(client.keys.publicKey())));
        int size = 10_000;
        client.send(Frame.of(new byte[size]));
        assertThat(client.channel.unreadBytes()).isEqualTo(size + 4);
        harness.computations.runAll();
        harness.run();
        client.expect(PubKey.class);
        client.adopt();
        assertThat(client.channel.unreadBytes()).isZero();
        assertThat(harness.master.dataOf(client.id)).containsExactly(new byte[size]);
    }

    @Test
    void moreThanPlentyThatIsForcedInWhileAKeyIsCheckedClosesTheLink() {
        harness.computations.hold(2);
        EdgeClient patient = harness.connect();
        EdgeClient flood = harness.connect();
        for (EdgeClient client : List.of(patient, flood)) {
            client.send(VERSION, new PubKey(client.keys.publicKey()));
        }
        forceIn(patient, 64 * 1024);
        forceIn(flood, 64 * 1024 + 1);
        assertThat(patient.channel.isOpen()).isTrue();
        assertThat(flood.channel.isOpen()).isFalse();
        harness.computations.runAll();
        harness.run();
        patient.expect(PubKey.class);
        patient.adopt();
        assertThat(harness.sessions.size()).isOne();
    }

    /** A FIN makes some transports read until there is nothing left. */
    private void forceIn(EdgeClient client, int bytes) {
        client.channel.receives(new byte[bytes]);
        while (client.channel.unreadBytes() > 0 && client.channel.isOpen()) {
            client.channel.readForced();
            harness.clientLoop.run();
        }
    }

    @Test
    void onlyWhatWaitsIsCharged() {
        EdgeClient client = harness.connect();
        client.send(hex("020000"));
        assertThat(harness.budget.heldBytes()).isPositive();
        client.send(hex("00 0102"));
        client.expect(PubKey.class);
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void whatIsForcedInWhileAKeyIsCheckedIsTakenOnlyAsLongAsThereIsRoom() {
        harness.close();
        harness = new EdgeHarness(EdgeHarness.SETTINGS, 20_000);
        harness.computations.hold(1);
        EdgeClient client = harness.connect();
        client.send(frames(VERSION, new PubKey(client.keys.publicKey())));
        client.send(new byte[15_000]);
        client.channel.readForced();
        harness.run();
        assertThat(client.channel.isOpen()).isTrue();
        harness.budget.hold(10_001); // for a master that does not read
        client.channel.readForced();
        harness.run();
        assertThat(client.channel.isOpen()).isFalse();
        harness.computations.runAll();
        harness.run();
        assertThat(harness.sessions.size()).isZero();
        harness.budget.hold(-10_001);
    }

    @Test
    void whileMoreIsHeldThanMayBeNobodyJoins() {
        harness.close();
        harness = new EdgeHarness(EdgeHarness.SETTINGS, 20_000);
        EdgeClient owner = harness.open();
        harness.budget.hold(20_001);
        EdgeClient fresh = harness.connect();
        fresh.send(VERSION, new PubKey(fresh.keys.publicKey()));
        assertThat(fresh.isClosed()).isTrue();
        EdgeClient back = owner.again();
        back.send(VERSION, new ClientId(owner.id));
        assertThat(back.isClosed()).isTrue();
        assertThat(harness.count(Metric.REJECTED_MEMORY)).isEqualTo(2);
        assertThat(owner.channel.isOpen()).isTrue();
        harness.budget.hold(-1);
        back.again().resume();
        harness.budget.hold(-20_000);
    }

    @Test
    void atTheMemoryLimitThoseThatHoldSomethingGo() {
        EdgeClient holds = harness.connect();
        holds.send(hex("020000"));
        EdgeClient held = harness.connect();
        held.send(hex("020000"));
        held.send(hex("00 0102"));
        EdgeClient holdsNothing = harness.connect();
        EdgeClient session = harness.open();
        harness.loop.timeouts.shed();
        harness.run();
        assertThat(holds.channel.isOpen()).isFalse();
        assertThat(held.isClosed()).isFalse();
        assertThat(holdsNothing.channel.isOpen()).isTrue();
        assertThat(session.channel.isOpen()).isTrue();
        assertThat(harness.count(Metric.REJECTED_MEMORY)).isOne();
    }
}
