package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.voltlane.client.ScriptedServer.Script;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.version3.ScriptedServerLink.Terms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of how sessions and links of version 3 end: Close and its codes, in a session's life and at a resume. */
@Timeout(120)
@ExtendWith({ThreadsLeft.class, SocketsLeft.class})
final class Version3EndsTest extends Version3Client {

    private static Script[] scripts(Script first, int count, Script then, Script... last) {
        List<Script> all = new ArrayList<>(List.of(first));
        for (int i = 0; i < count; i++) {
            all.add(then);
        }
        all.addAll(List.of(last));
        return all.toArray(Script[]::new);
    }

    private Script closes(int code, String text) {
        return opens((link, peer) -> {
            link.close(code, 0, text);
            peer.finish();
        });
    }

    /** Answers a Resume with a Close, as a server may before it has proved anything. */
    private Script refuses(int code) {
        return asked((link, peer) -> {
            link.close(code, 0, "");
            peer.finish();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "1, KICKED",
        "2, SESSION_GONE",
        "3, GAP",
        "4, OVERFLOW",
        "5, OVERFLOW",
        "6, MEMORY",
        "7, FRAME_TOO_LARGE",
        "8, VIOLATION",
        "9, RATE",
        "10, STOPPING",
        "12, TAKEN_OVER",
        "15, SESSION_GONE",
        "16, SESSION_GONE",
        "17, SESSION_GONE"
    })
    void aCodeThatEndsTheSessionEndsTheClientWithItsReason(int code, CloseReason reason) throws Exception {
        try (ScriptedServer server = ScriptedServer.of(closes(code, "the text"));
                VoltlaneClient client = client(server).connect()) {
            ClientException thrown = (ClientException) catchThrowable(client::receive);
            assertThat(thrown.reason()).isEqualTo(reason);
            assertThat(thrown).hasMessageContaining("the text");
            assertThat(events.until("closed"))
                    .containsExactly("connected new", "closed " + reason + " " + reason.retryable());
            assertThat(server.links()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 13, 14, 999})
    void aCodeThatKeepsTheSessionIsFollowedByAResume(int code) throws Exception {
        try (ScriptedServer server = ScriptedServer.of(closes(code, ""), resumes(0, Version3Client::serve));
                VoltlaneClient client = client(server).connect()) {
            assertThat(events.until("resumed")).containsExactly("connected new", "suspended", "resumed");
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void anUnknownCodeIsResumedOnceAndThenASessionIsOpenedAnew() throws Exception {
        Script again = resumes(0, (link, peer) -> {
            link.close(999, 0, "");
            peer.finish();
        });
        Script anew = version3((link, peer) -> {
            link.open(2);
            link.serve();
        });
        try (ScriptedServer server = ScriptedServer.of(closes(999, ""), again, anew);
                VoltlaneClient client = client(server).newSessionWhenGone(true).connect()) {
            assertThat(events.until("connected new")).containsExactly("connected new");
            assertThat(events.until("connected new"))
                    .containsExactly("suspended", "resumed", "suspended", "gone 0", "connected new");
            assertThat(client.sessionId()).isEqualTo(2);
        }
    }

    @Test
    void anUnknownCodeInTheHandshakeIsAlsoTriedOnceMore() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(scripts(opens(Version3Client::reset), 2, refuses(999)));
                VoltlaneClient client = client(server).connect()) {
            assertThatThrownBy(client::receive).isInstanceOf(SessionGoneException.class);
            assertThat(server.links()).isEqualTo(3);
        }
    }

    @Test
    void theTextOfAKickIsTheBackends() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(closes(1, "no\u001b[31m\nshouting\u202e"));
                VoltlaneClient client = client(server).newSessionWhenGone(true).connect()) {
            ClosedByServerException thrown = (ClosedByServerException) catchThrowable(client::receive);
            assertThat(thrown.serverText()).isEqualTo("no [31m shouting");
            assertThat(thrown.code()).isEqualTo(1);
            assertThat(thrown.getMessage()).doesNotContain("\n", "\u001b");
            assertThatThrownBy(client::exportState).isInstanceOf(IllegalStateException.class);
        }
    }

    /** Anybody on the path can say that a session is gone, so a few such answers cost nothing. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 8, 12, 14, 16})
    void fourRefusalsBeforeAProofCostNothing(int code) throws Exception {
        try (ScriptedServer server = ScriptedServer.of(
                        scripts(opens(Version3Client::reset), 4, refuses(code), resumes(0, Version3Client::serve)));
                VoltlaneClient client = client(server).connect()) {
            assertThat(events.until("resumed")).containsExactly("connected new", "suspended", "resumed");
            assertThat(client.sessionId()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"2, SESSION_GONE", "3, GAP"})
    void fiveRefusalsAreReportedAndTheStateIsKept(int code, CloseReason reason) throws Exception {
        BlockingQueue<CloseReason> refusals = new LinkedBlockingQueue<>();
        ClientListener listener = new ClientListener() {
            @Override
            public void resumeRefused(VoltlaneClient client, CloseReason why) {
                refusals.add(why);
            }
        };
        Script first = opens((link, peer) -> {
            link.nextData();
            peer.reset();
        });
        try (ScriptedServer server =
                ScriptedServer.of(scripts(first, 5, refuses(code), resumes(1, Version3Client::serve)))) {
            SessionState kept;
            try (VoltlaneClient client = client(server).listener(listener).connect()) {
                client.send(Bytes.utf8("1"));
                ClientException thrown = (ClientException) catchThrowable(client::receive);
                assertThat(thrown.reason()).isEqualTo(reason);
                assertThat(refusals).hasSize(4).containsOnly(reason);
                kept = client.closeAndExport(true);
                assertThat(kept.unacknowledged()).isEqualTo(1);
            }
            try (VoltlaneClient client = client(server).importState(kept).connect()) {
                assertThat(client.sessionId()).isEqualTo(1);
            }
        }
    }

    @Test
    void aReplacedSessionIsStillThereForTheProgram() throws Exception {
        Script anew = version3((link, peer) -> {
            link.open(2);
            link.serve();
        });
        Script first = opens((link, peer) -> {
            link.nextData();
            peer.reset();
        });
        try (ScriptedServer server = ScriptedServer.of(scripts(first, 5, refuses(2), anew));
                VoltlaneClient client = client(server).newSessionWhenGone(true).connect()) {
            assertThat(client.givenUpState()).isNull();
            CompletableFuture<Void> lost = client.sendAcknowledged(Bytes.utf8("1"));
            events.until("gone 1");
            events.until("connected new");
            assertThat(catchThrowable(() -> lost.get(20, TimeUnit.SECONDS)).getCause())
                    .isInstanceOf(NotAcknowledgedException.class);
            SessionState old = client.givenUpState();
            assertThat(old).isNotNull();
            assertThat(old.sessionId()).isEqualTo(1);
            assertThat(old.unacknowledged()).isEqualTo(1);
            time.advance(Duration.ofSeconds(301));
            assertThat(client.givenUpState()).isNull();
        }
    }

    @Test
    void aBusyServerIsAskedAgainAfterTheTimeThatItNames() throws Exception {
        Script busy = asked((link, peer) -> {
            link.close(11, 7_000, "");
            peer.finish();
        });
        try (ScriptedServer server =
                        ScriptedServer.of(opens(Version3Client::reset), busy, resumes(0, Version3Client::serve));
                VoltlaneClient client = client(server).connect()) {
            events.until("resumed");
            assertThat(time.waits()).contains(Duration.ofMillis(7_500));
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void noServerKeepsAClientAwayForMoreThanFiveMinutes() throws Exception {
        Script busy = asked((link, peer) -> {
            link.close(11, 0xFFFF_FFFFL, "");
            peer.finish();
        });
        try (ScriptedServer server =
                        ScriptedServer.of(opens(Version3Client::reset), busy, resumes(0, Version3Client::serve));
                VoltlaneClient client = client(server).connect()) {
            events.until("resumed");
            assertThat(time.waits()).contains(Duration.ofMinutes(5).plusMillis(500));
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void aBusyServerIsReportedToAProgramThatConnects() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(version3((link, peer) -> {
            link.askedToOpen(1);
            link.close(11, 3_000, "too many");
            peer.finish();
        }))) {
            ClosedByServerException thrown = (ClosedByServerException)
                    catchThrowable(() -> client(server).connect());
            assertThat(thrown.reason()).isEqualTo(CloseReason.BUSY);
            assertThat(thrown.retryAfter()).isEqualTo(Duration.ofSeconds(3));
        }
    }

    @Test
    void aClientThatHangsUpAfterTheWaitingTimeOfTheSessionIsBelieved() throws Exception {
        Script hangsUp = asked((link, peer) -> peer.finish());
        Script first = version3((link, peer) -> {
            session = link.terms(new Terms(60, 1000, 30)).open(1);
            peer.reset();
        });
        try (ScriptedServer server = ScriptedServer.of(first, hangsUp);
                VoltlaneClient client = client(server).connect()) {
            assertThatThrownBy(client::receive).isInstanceOf(SessionGoneException.class);
            assertThat(time.waits().stream().mapToLong(Duration::toNanos).sum())
                    .isGreaterThan(Duration.ofSeconds(30).toNanos());
        }
    }
}
