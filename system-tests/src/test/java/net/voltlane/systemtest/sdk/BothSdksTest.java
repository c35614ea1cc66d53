package net.voltlane.systemtest.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.voltlane.backend.EndReason;
import net.voltlane.backend.Session;
import net.voltlane.client.ClientException;
import net.voltlane.client.CloseReason;
import net.voltlane.client.ClosedByServerException;
import net.voltlane.client.SessionState;
import net.voltlane.client.VoltlaneClient;
import net.voltlane.protocol.CloseCode;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of the client SDK and the backend SDK, with version 3 on both sides of the real server. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
final class BothSdksTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private static Session session(SdkStage stage) throws InterruptedException {
        assertThat(stage.nextEvent()).isEqualTo("opened");
        return Objects.requireNonNull(stage.opened);
    }

    private static EndReason end(SdkStage stage) {
        return Objects.requireNonNull(stage.end);
    }

    /** Clients and firehose are cut while packets go both ways: each arrives once, in order, and is acknowledged. */
    @Test
    void nothingIsLostAndNothingComesTwiceOverCutsOnBothSides() {
        Seeds.run(seed -> {
            Random random = new Random(seed);
            int packets = 2_000;
            try (SdkStage stage = new SdkStage();
                    VoltlaneClient client = stage.client().connect()) {
                Session session = session(stage);
                CompletableFuture<Void> last = new CompletableFuture<>();
                Thread sender = new Thread(() -> {
                    try {
                        for (int i = 0; i < packets - 1; i++) {
                            client.send(Bytes.numbered(i, 4 + i % 600));
                        }
                        client.sendAcknowledged(Bytes.numbered(packets - 1, 4 + (packets - 1) % 600))
                                .thenAccept(last::complete);
                    } catch (Exception e) {
                        last.completeExceptionally(e);
                    }
                });
                sender.start();
                for (int i = 0; i < packets; i++) {
                    if (random.nextInt(40) == 0) {
                        stage.cutLinks();
                    }
                    if (random.nextInt(200) == 0) {
                        stage.cutFirehose();
                    }
                    assertThat(client.receive(LONG)).as("packet %d", i).isEqualTo(Bytes.numbered(i, 4 + i % 600));
                }
                last.get(LONG.toSeconds(), TimeUnit.SECONDS);
                assertThat(session.received()).isEqualTo(packets);
                await().until(() -> client.unacknowledged() == 0);
                session.kick("enough");
                await().until(() -> stage.events.contains("ended enough"));
                assertThat(end(stage).taken()).isEqualTo(packets);
                assertThat(stage.events).endsWith("ended enough").doesNotContain("opened");
            }
        });
    }

    @Test
    void theBackendLearnsOfAClientAtOnceAndMaySpeakFirst() throws Exception {
        try (SdkStage stage = new SdkStage();
                VoltlaneClient client =
                        stage.client().credentials(Bytes.utf8("token")).connect()) {
            assertThat(session(stage).send(Bytes.utf8("welcome"))).isTrue();
            assertThat(Objects.requireNonNull(stage.info).credentials()).isEqualTo(Bytes.utf8("token"));
            assertThat(stage.info.protocol()).isEqualTo(3);
            assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("welcome"));
        }
    }

    @Test
    void aKickTellsTheBackendsText() throws Exception {
        try (SdkStage stage = new SdkStage();
                VoltlaneClient client = stage.client().connect()) {
            Session session = session(stage);
            session.send(Bytes.utf8("last words"));
            session.kick("no shouting");
            assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("last words"));
            ClientException thrown = (ClientException) catchThrowable(client::receive);
            assertThat(thrown.reason()).isEqualTo(CloseReason.KICKED);
            assertThat(((ClosedByServerException) thrown).serverText()).isEqualTo("no shouting");
            assertThat(stage.nextEvent()).isEqualTo("ended no shouting");
            assertThat(end(stage).code()).isEqualTo(CloseCode.KICKED.code());
        }
    }

    /** Close waits until the handler has returned from everything, then the session ends at once. */
    @Test
    void aClientThatClosesHasBeenHeardAndLeaves() throws Exception {
        try (SdkStage stage = new SdkStage()) {
            VoltlaneClient client = stage.client().connect();
            for (int i = 0; i < 100; i++) {
                client.send(Bytes.numbered(i, 50));
            }
            client.close();
            assertThat(client.unacknowledged()).isZero();
            assertThat(session(stage).received()).isEqualTo(100);
            assertThat(stage.nextEvent()).isEqualTo("ended Client left");
            assertThat(end(stage).code()).isEqualTo(CloseCode.LEFT.code());
            assertThat(end(stage).taken()).isEqualTo(100);
        }
    }

    @Test
    void theBackendHearsOfALostLinkAndOfItsReturn() throws Exception {
        try (SdkStage stage = new SdkStage();
                VoltlaneClient client = stage.client().connect()) {
            assertThat(session(stage).isOpen()).isTrue();
            stage.cutLinks();
            client.send(Bytes.utf8("still here"));
            assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("still here"));
            assertThat(stage.nextEvent()).isIn("suspended", "resumed"); // a takeover suspends nothing
        }
    }

    /** A program is restarted with packets that nobody has acknowledged: they are sent again, once. */
    @Test
    void aRestartedProgramGoesOnWithItsUnacknowledgedPackets() throws Exception {
        try (SdkStage stage = new SdkStage()) {
            VoltlaneClient first = stage.client().connect();
            Session session = session(stage);
            for (int i = 0; i < 50; i++) {
                first.send(Bytes.numbered(i, 50));
            }
            assertThat(first.receive(LONG)).isEqualTo(Bytes.numbered(0, 50));
            String state = first.closeAndExport(true).toText();
            try (VoltlaneClient second =
                    stage.client().importState(SessionState.fromText(state)).connect()) {
                for (int i = 1; i < 50; i++) {
                    assertThat(second.receive(LONG)).isEqualTo(Bytes.numbered(i, 50));
                }
                await().until(() -> second.unacknowledged() == 0);
                assertThat(session.received()).isEqualTo(50);
            }
        }
    }
}
