package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import net.voltlane.server.VoltlaneServerTest.Running;
import net.voltlane.server.VoltlaneServerTest.Setup;
import net.voltlane.server.config.TransportKind;
import net.voltlane.server.session.LinkView;
import net.voltlane.server.session.SessionPage;
import net.voltlane.server.session.SessionQuery;
import net.voltlane.server.session.SessionQuery.Order;
import net.voltlane.server.session.SessionView;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ScriptedClient;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sessions of a real server, looked at from outside. */
@ExtendWith(LeakCheck.class)
final class SessionViewsTest {
    private static final Setup SETUP = new Setup(TransportKind.NIO, 2);

    @Test
    void clientsOfAllLoopsAreOnThePages() throws Exception {
        try (Running it = Running.start(SETUP, c -> c);
                ScriptedClient one = ScriptedClient.open(it.address());
                ScriptedClient two = ScriptedClient.open(it.address());
                ScriptedClient three = ScriptedClient.open(it.address())) {
            one.send(new byte[7]);
            assertThat(it.firehose().dataOf(one.id())).hasSize(7);
            Set<Long> ids = new HashSet<>();
            SessionQuery query = SessionQuery.page(Order.NEWEST_FIRST, 2);
            SessionPage first = get(it.server().sessions(query));
            SessionPage second = get(it.server().sessions(query.after(first)));
            first.sessions().forEach(session -> ids.add(session.id()));
            second.sessions().forEach(session -> ids.add(session.id()));
            assertThat(ids).containsExactlyInAnyOrder(one.id(), two.id(), three.id());
            assertThat(second.next()).isEmpty();

            SessionView its = get(it.server().session(one.id())).orElseThrow();
            assertThat(its.state()).isEqualTo(SessionView.State.LIVE);
            assertThat(its.address()).isEqualTo("127.0.0.1");
            assertThat(its.link()).isNotNull();
            assertThat(its.link().transport()).isEqualTo("tcp");
            assertThat(its.link().port()).isEqualTo(one.localPort());
            assertThat(its.link().silentFor()).as("nio can't tell").isNull();
            assertThat(its.link().packetsUp()).isOne();
            assertThat(its.link().bytesUp()).isEqualTo(7);
            assertThat(its.link().waiting().packets()).isZero();
            assertThat(get(it.server().session(1L << 60))).isEmpty();
        }
    }

    @Test
    void theKernelTellsForHowLongAClientIsSilent() throws Exception {
        assumeTrue(Epoll.isAvailable());
        try (Running it = Running.start(new Setup(TransportKind.EPOLL, 1), c -> c);
                ScriptedClient client = ScriptedClient.open(it.address())) {
            Awaitility.await().until(() -> silence(it, client.id()).compareTo(Duration.ofMillis(300)) >= 0);
            client.send(new byte[1]);
            assertThat(it.firehose().dataOf(client.id())).hasSize(1);
            assertThat(silence(it, client.id())).isLessThan(Duration.ofMillis(300));
        }
    }

    private static Duration silence(Running it, long id) throws Exception {
        LinkView link = get(it.server().session(id)).orElseThrow().link();
        assertThat(link).isNotNull();
        assertThat(link.silentFor()).isNotNull();
        return link.silentFor();
    }

    @Test
    void anEndedServerShowsNothing() throws Exception {
        Running it = Running.start(SETUP, c -> c);
        it.close();
        CompletionStage<Optional<SessionView>> answer = it.server().session(1);
        assertThatThrownBy(() -> get(answer))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(Exception.class)
                .hasMessageContaining("the server has ended");
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
