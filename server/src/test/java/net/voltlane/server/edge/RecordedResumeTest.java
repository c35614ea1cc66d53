package net.voltlane.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.link3.Challenge;
import net.voltlane.protocol.link3.Close;
import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.WhenAway;
import net.voltlane.server.store.FakeRecordStore;
import net.voltlane.server.store.FakeStorage;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The effects of a store of records on clients when they come for a session that this server does not have. */
@ExtendWith(LeakCheck.class)
final class RecordedResumeTest {
    private static final byte[] VERSION = EdgeClient3.VERSION;
    private static final long ID = 4711;

    private final EdgeHarness harness = EdgeHarness.recorded(new FakeStorage(), WhenAway.CONTINUE);

    @AfterEach
    void end() {
        harness.close();
    }

    private FakeRecordStore store() {
        return Objects.requireNonNull(harness.store);
    }

    private EdgeClient3 asks() {
        EdgeClient3 client = EdgeClient3.connect(harness);
        client.id = ID;
        client.send(VERSION, LinkCodec.frame(client.resumeFrame(0, 1)));
        return client;
    }

    @Test
    void anIdThatNobodyHasIsChallengedOnceTheStoreHasSaidSo() {
        store().answersByHand();
        EdgeClient3 client = asks();
        assertThat(client.next()).isNull();
        store().answers();
        harness.run();
        client.expect(Challenge.class);
    }

    @Test
    void whileTheStoreIsAwayAClientOfVersion3IsToldToComeAgain() {
        store().goesDown();
        harness.run();
        Close close = asks().expectClose(CloseCode.BUSY);
        assertThat(close.retryAfterMillis()).isEqualTo(1_000);
        assertThat(harness.count(Metric.REFUSED_STORE_AWAY)).isOne();
    }

    @Test
    void whileTheStoreIsAwayAClientOfVersion2IsClosed() {
        store().goesDown();
        harness.run();
        EdgeClient client = harness.connect();
        client.send(EdgeClient.VERSION, new ClientId(ID));
        harness.run();
        assertThat(client.isClosed()).isTrue();
        assertThat(harness.count(Metric.REFUSED_STORE_AWAY)).isOne();
    }

    @Test
    void aQuestionThatFailsIsNoEndOfTheSession() {
        store().answersByHand();
        EdgeClient3 client = asks();
        store().fails(1);
        harness.run();
        client.expectClose(CloseCode.BUSY);
    }
}
