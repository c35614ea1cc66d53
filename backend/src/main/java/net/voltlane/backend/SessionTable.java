package net.voltlane.backend;

import java.security.SecureRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A hash table of one firehose's sessions by id. It uses open addressing with linear probing, so that a look-up
 * allocates nothing.
 *
 * <p>It is changed only under the {@link SessionDirectory}'s lock, and only by the firehose's reader while that thread
 * lives. So the reader may look up sessions without the lock. All other threads need the lock.
 */
final class SessionTable {
    private static final int FIRST_SLOTS = 16;

    private static final SecureRandom RANDOM = new SecureRandom();

    /** Random factors, so that an attacker can't choose ids that all hash to the same slot. */
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

    /** Adds a session whose id is not in the table. */
    void add(Session session) {
        if (2 * (size + 1) > slots.length) {
            grow();
        }
        insert(session);
        size++;
    }

    /** Removes a session, and moves those behind it up, so that no gap separates them from their first slot. */
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
