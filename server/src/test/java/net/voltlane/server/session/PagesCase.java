package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.junit.jupiter.api.AfterEach;

/** Tests of pages of sessions: the test's thread runs the tasks of the session loop. */
abstract class PagesCase {
    final List<SessionTable> tables = new ArrayList<>();
    final Stage stage = new Stage(table -> {
        tables.add(table);
        return new MemoryStore(table);
    });
    /** Slices that wait for their turn on the session loop. */
    final Deque<Runnable> tasks = new ConcurrentLinkedDeque<>();

    @AfterEach
    void end() {
        stage.close();
    }

    Optional<SessionView> one(long id) {
        CompletableFuture<Optional<SessionView>> answer = new CompletableFuture<>();
        stage.sessions.look(id, answer);
        return answer.join();
    }

    List<FakeLink> open(int sessions) {
        List<FakeLink> links = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            links.add(stage.open());
        }
        return links;
    }

    CompletableFuture<SessionPage> ask(SessionQuery query) {
        CompletableFuture<SessionPage> page = new CompletableFuture<>();
        stage.sessions.page(query, tasks::add, page);
        return page;
    }

    SessionPage page(SessionQuery query) {
        return finish(ask(query));
    }

    SessionPage finish(CompletableFuture<SessionPage> page) {
        return finish(page, () -> {});
    }

    /** Runs the tasks of the session loop until the page is there: a ranking is sorted on another thread. */
    SessionPage finish(CompletableFuture<SessionPage> page, Runnable beforeEachTask) {
        while (!page.isDone()) {
            Runnable task = tasks.poll();
            if (task != null) {
                beforeEachTask.run();
                task.run();
            } else {
                Thread.onSpinWait();
            }
        }
        return page.join();
    }

    SessionView onlyOne(SessionQuery query) {
        List<SessionView> sessions = page(query).sessions();
        assertThat(sessions).hasSize(1);
        return sessions.get(0);
    }

    static List<Long> ids(SessionPage page) {
        return page.sessions().stream().map(SessionView::id).toList();
    }
}
