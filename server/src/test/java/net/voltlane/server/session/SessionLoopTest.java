package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import net.voltlane.protocol.Reason;
import net.voltlane.server.session.SessionQuery.Order;
import net.voltlane.testkit.LeakCheck;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sessions belong to one loop, and say so where another thread calls them. */
@ExtendWith(LeakCheck.class)
final class SessionLoopTest {
    @Test
    void everyOtherThreadIsTurnedAway() {
        try (Stage stage = new Stage()) {
            FakeLink link = stage.openHeard();
            ResumeToken token = stage.find(link.id);
            Sessions sessions = stage.sessions;
            stage.isSessionLoop = false;
            Stream.<ThrowingCallable>of(
                            () -> sessions.open(new FakeLink(stage), new byte[1]),
                            () -> sessions.find(link.id, Version2.PROTOCOL, found -> {}),
                            () -> sessions.resume(new FakeLink(stage), token),
                            () -> sessions.firstPacket(link),
                            () -> sessions.lost(link),
                            () -> sessions.violated(link, Reason.FRAME_TOO_LARGE),
                            () -> sessions.blocked(link),
                            () -> sessions.unblocked(link),
                            () -> sessions.detached(link, List.of()),
                            () -> sessions.data(link.id, Unpooled.EMPTY_BUFFER, 0, 0),
                            () -> sessions.kick(link.id),
                            () -> sessions.announce(0, id -> {}),
                            () -> sessions.settings(Stage.ROOMY),
                            () -> sessions.page(
                                    SessionQuery.page(Order.OLDEST_FIRST, 1), Runnable::run, new CompletableFuture<>()),
                            () -> sessions.look(link.id, new CompletableFuture<>()),
                            sessions::reap,
                            sessions::shed,
                            () -> sessions.stop(() -> {}))
                    .forEach(call -> assertThatThrownBy(call)
                            .isInstanceOf(AssertionError.class)
                            .hasMessage("belongs to the session loop"));
            stage.isSessionLoop = true;
        }
    }
}
