package net.voltlane.backend;

import java.security.SecureRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One firehose's sessions by id: open addressing with linear probing, so that a look-up allocates nothing.
 *
 * <p>Changes happen under the {@link SessionDirectory}'s lock, on the firehose's reader thread as long as that lives.
 * So this thread may look things up without the lock, and everybody else with it.
 */
final class SessionTable {
    private static final int FIRST_SLOTS = 16;

    private static final SecureRandom RANDOM = new SecureRandom();

    /** Nobody outside knows these two, so nobody can find ids that all want the same slot. */
    private final long first = RANDOM.nextLong() | 1;

    private final long second = RANDOM.nextLong() | 1;

    private @Nullable Session[] slots = new Session[FIRST_SLOTS];
    private int size;

    @Nullable
    Session get(long id) {
        for (int slot = home(id); ; slot = next(slot)) {
            Session session = slots[slot];
            if (session == null || session.id() == id) {
                return session;
            }
        }
    }

    /** Adds a session whose id is not there yet. */
    void add(Session session) {
        if (2 * (size + 1) > slots.length) {
            grow();
        }
        insert(session);
        size++;
    }

    /** Takes a session out; what comes behind it moves up, so that no gap cuts it off from its home. */
    void remove(Session session) {
        int gap = home(session.id());
        while (slots[gap] != session) {
            if (slots[gap] == null) {
                return;
            }
            gap = next(gap);
        }
        slots[gap] = null;
        size--;
        for (int slot = next(gap); slots[slot] != null; slot = next(slot)) {
            Session moving = slots[slot];
            slots[slot] = null;
            insert(moving);
        }
    }

    int size() {
        return size;
    }

    void forEach(Consumer<Session> action) {
        for (Session session : slots) {
            if (session != null) {
                action.accept(session);
            }
        }
    }

    private void insert(Session session) {
        int slot = home(session.id());
        while (slots[slot] != null) {
            slot = next(slot);
        }
        slots[slot] = session;
    }

    private void grow() {
        @Nullable Session[] old = slots;
        slots = new Session[2 * old.length];
        for (Session session : old) {
            if (session != null) {
                insert(session);
            }
        }
    }

    private int home(long id) {
        long mixed = id * first;
        mixed = (mixed ^ mixed >>> 32) * second;
        return (int) (mixed >>> 32) & slots.length - 1;
    }

    private int next(int slot) {
        return slot + 1 & slots.length - 1;
    }
}
