package net.voltlane.store.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import net.voltlane.server.store.Fleet.BanListener;
import net.voltlane.server.store.Fleet.SharedBan;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bans that all servers have. They are published, and as messages can be lost, all of them are read when Redis is there
 * again: the listener hears of each that stands, and of each that it had heard of and that is gone.
 *
 * <p>A message is four parts with line breaks between them: who wrote it, the time (-1: the ban is ended), the place, the ban.
 */
final class Bans {
    private static final Logger LOG = LoggerFactory.getLogger(Bans.class);
    private static final long ENDED = -1;

    private final Asker asker;
    private final Keys keys;
    private final byte[] channel;
    private final String owner;
    /** Places whose bans the server knows, as far as this store has told it or has written them. On the store's thread. */
    private final Set<String> known = new HashSet<>();

    private volatile @Nullable BanListener listener;

    Bans(Asker asker, Keys keys, String owner) {
        this.asker = asker;
        this.keys = keys;
        this.channel = keys.banChannel();
        this.owner = owner;
    }

    void onBan(BanListener next) {
        listener = next;
    }

    CompletionStage<@Nullable Void> write(String place, byte[] ban, long keepMillis) {
        return asker.ask(
                Question.of(
                        Script.BAN,
                        keys.bans(),
                        place(place),
                        ban,
                        RedisRecordStore.decimal(keepMillis),
                        channel,
                        message(place, keepMillis, ban)),
                answered -> {
                    known.add(place);
                    return null;
                });
    }

    CompletionStage<@Nullable Void> end(String place) {
        return asker.ask(
                Question.of(Script.END_BAN, keys.bans(), place(place), channel, message(place, ENDED, new byte[0])),
                answered -> {
                    known.remove(place);
                    return null;
                });
    }

    CompletionStage<List<SharedBan>> all() {
        return asker.ask(Question.forMany(Script.BANS, keys.bans()), answered -> {
            List<byte[]> parts = answered.strings();
            List<SharedBan> bans = new ArrayList<>();
            for (int i = 0; i + 2 < parts.size(); i += 3) {
                long left = Long.parseLong(new String(parts.get(i + 1), US_ASCII));
                bans.add(new SharedBan(new String(parts.get(i), UTF_8), parts.get(i + 2), left));
            }
            return List.copyOf(bans);
        });
    }

    /** Tells the listener what it may have missed. */
    void compare() {
        BanListener to = listener;
        if (to == null) {
            return;
        }
        all().whenComplete((bans, failure) -> {
            if (bans == null) {
                return; // Redis is away again
            }
            Set<String> gone = new HashSet<>(known);
            for (SharedBan ban : bans) {
                gone.remove(ban.place());
                known.add(ban.place());
                tell(() -> to.banned(ban));
            }
            for (String place : gone) {
                known.remove(place);
                tell(() -> to.ended(place));
            }
        });
    }

    /** Reads what another server, or this one, has published. Others may publish anything. */
    void heard(byte[] message) {
        int[] breaks = new int[3];
        int at = -1;
        for (int i = 0; i < breaks.length; i++) {
            at = next(message, at + 1);
            if (at < 0) {
                return;
            }
            breaks[i] = at;
        }
        BanListener to = listener;
        String from = new String(message, 0, breaks[0], US_ASCII);
        if (to == null || from.equals(owner)) {
            return;
        }
        String place = new String(message, breaks[1] + 1, breaks[2] - breaks[1] - 1, UTF_8);
        long keepMillis;
        try {
            keepMillis = Long.parseLong(new String(message, breaks[0] + 1, breaks[1] - breaks[0] - 1, US_ASCII));
        } catch (NumberFormatException other) {
            return;
        }
        if (keepMillis == ENDED) {
            known.remove(place);
            tell(() -> to.ended(place));
        } else {
            known.add(place);
            byte[] ban = Arrays.copyOfRange(message, breaks[2] + 1, message.length);
            tell(() -> to.banned(new SharedBan(place, ban, keepMillis)));
        }
    }

    private byte[] message(String place, long keepMillis, byte[] ban) {
        byte[] head = (owner + "\n" + keepMillis + "\n" + place + "\n").getBytes(UTF_8);
        byte[] all = Arrays.copyOf(head, head.length + ban.length);
        System.arraycopy(ban, 0, all, head.length, ban.length);
        return all;
    }

    private static byte[] place(String place) {
        if (place.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("place: (expected: one line)");
        }
        return place.getBytes(UTF_8);
    }

    private static int next(byte[] message, int from) {
        for (int i = from; i < message.length; i++) {
            if (message[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static void tell(Runnable what) {
        try {
            what.run();
        } catch (RuntimeException | Error fault) {
            LOG.error("A listener of bans has failed", fault);
        }
    }
}
