package net.voltlane.server.edge;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Objects;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.PubKey;
import net.voltlane.protocol.link3.Close;
import net.voltlane.protocol.link3.Data;
import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.protocol.link3.Opened;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.WhenAway;
import net.voltlane.server.store.FakeRecordStore;
import net.voltlane.server.store.FakeStorage;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The effects of a store of records on clients that open a session: a later answer, or none. */
@ExtendWith(LeakCheck.class)
final class RecordedOpeningTest {
    private static final byte[] VERSION = EdgeClient3.VERSION;

    private final FakeStorage storage = new FakeStorage();
    private EdgeHarness harness = EdgeHarness.recorded(storage, WhenAway.CONTINUE);

    @AfterEach
    void end() {
        harness.close();
    }

    private FakeRecordStore store() {
        return Objects.requireNonNull(harness.store);
    }

    private EdgeClient3 asks() {
        EdgeClient3 client = EdgeClient3.connect(harness);
        client.send(VERSION, LinkCodec.frame(client.openFrame()), LinkCodec.frame(new Data(utf8("ahead"))));
        return client;
    }

    @Test
    void aClientIsToldItsIdAndHeardOnceTheRecordIsThere() {
        store().answersByHand();
        EdgeClient3 client = asks();
        assertThat(client.next()).isNull();
        assertThat(harness.master.received()).isEmpty();
        store().answers();
        harness.run();
        long id = client.expect(Opened.class).id();
        assertThat(storage.get(id)).isNotNull();
        assertThat(harness.master.received()).containsExactly(EdgeHarness.Master.data(id, utf8("ahead")));
    }

    @Test
    void aClientThatIsLostMeanwhileLeavesNothing() {
        store().answersByHand();
        EdgeClient3 client = asks();
        client.channel.broken(new IOException("reset"));
        harness.run();
        store().answersAtOnce();
        harness.run();
        assertThat(harness.sessions.size()).isZero();
        assertThat(storage.size()).isZero();
        assertThat(harness.master.received()).isEmpty();
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void whileTheStoreIsAwayAClientOfVersion3IsToldToComeAgain() {
        harness.close();
        harness = EdgeHarness.recorded(storage, WhenAway.REFUSE);
        store().goesDown();
        harness.run();
        Close close = asks().expectClose(CloseCode.BUSY);
        assertThat(close.retryAfterMillis()).isEqualTo(1_000);
        assertThat(harness.count(Metric.REFUSED_STORE_AWAY)).isOne();
    }

    @Test
    void whileTheStoreIsAwayAClientOfVersion2IsClosed() {
        harness.close();
        harness = EdgeHarness.recorded(storage, WhenAway.REFUSE);
        store().answersByHand();
        EdgeClient client = harness.connect();
        client.send(EdgeClient.VERSION, new PubKey(client.keys.publicKey()));
        store().fails(store().waiting());
        harness.run();
        assertThat(client.isClosed()).isTrue();
        assertThat(harness.sessions.size()).isZero();
    }
}
