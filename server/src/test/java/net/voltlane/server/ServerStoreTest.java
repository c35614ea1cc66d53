package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import net.voltlane.server.store.Fleet;
import net.voltlane.server.store.StoreException;
import org.junit.jupiter.api.Test;

/** The check of a server's key against that of its fleet, at the start. */
final class ServerStoreTest {
    private static final long LONG_MILLIS = 60_000;
    private static final CompletableFuture<String> AWAY = CompletableFuture.failedFuture(new StoreException("away"));

    private final Deque<CompletableFuture<String>> answers = new ArrayDeque<>();

    /** A fleet that gives one answer after the other, and the last one for ever. */
    private Fleet fleet() {
        return (Fleet) Proxy.newProxyInstance(Fleet.class.getClassLoader(), new Class<?>[] {Fleet.class}, (p, m, a) -> {
            assertThat(m.getName()).isEqualTo("identity");
            return answers.size() > 1 ? answers.remove() : answers.element();
        });
    }

    @Test
    void anotherKeyIsFoundOutAlsoIfTheStoreIsStillBeingConnectedTo() {
        answers.addAll(List.of(AWAY, AWAY, CompletableFuture.completedFuture("theirs")));
        assertThatThrownBy(() -> ServerStore.checkIdentity(fleet(), "mine", LONG_MILLIS))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("listener.key_file: the key mine (expected: theirs");
    }

    @Test
    void theSameKeyIsFine() {
        answers.addAll(List.of(AWAY, CompletableFuture.completedFuture("mine")));
        assertThatCode(() -> ServerStore.checkIdentity(fleet(), "mine", LONG_MILLIS))
                .doesNotThrowAnyException();
        assertThat(answers).hasSize(1);
    }

    @Test
    void aStoreThatIsAwayHoldsUpNoStart() {
        answers.add(AWAY);
        assertThatCode(() -> ServerStore.checkIdentity(fleet(), "mine", 30)).doesNotThrowAnyException();
        answers.clear();
        answers.add(new CompletableFuture<>());
        assertThatCode(() -> ServerStore.checkIdentity(fleet(), "mine", 30)).doesNotThrowAnyException();
    }
}
