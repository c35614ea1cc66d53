package net.voltlane.store.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import net.voltlane.server.store.Fleet.BanListener;
import net.voltlane.server.store.Fleet.SharedBan;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bans that all servers have. They are published. As messages can be lost, the listener is told when Redis is there again.
 *
 * <p>A message is four parts with line breaks between them: who wrote it, the time (-1: the ban is ended), the place, the ban.
 */
final class Bans {
    private static final Logger LOG = LoggerFactory.getLogger(Bans.class);
    private static final long ENDED = -1;
    /** The most that the port allows for facts about a ban, in bytes. What is larger is no server's. */
    private static final int MAX_FACTS = 1_024;
    /** Room for the facts, and for the names and the place before them. */
    private static final int MAX_MESSAGE = 2 * MAX_FACTS;

    private static final byte STANDS = '+';
    private static final byte[] ALWAYS = {'0'};
    private static final byte[] WHERE_NOTHING_STANDS = {'1'};

    private final Asker asker;
    private final Keys keys;
    private final byte[] channel;
    private final String owner;
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
        return asker.ask(question(place, ban, keepMillis, ALWAYS), answered -> null);
    }

    CompletionStage<Boolean> restore(String place, byte[] ban, long keepMillis) {
        return asker.ask(question(place, ban, keepMillis, WHERE_NOTHING_STANDS), answered -> answered.string() == null);
    }

    private Question question(String place, byte[] ban, long keepMillis, byte[] when) {
        byte[] signed = new byte[1 + ban.length];
        signed[0] = STANDS;
        System.arraycopy(ban, 0, signed, 1, ban.length);
        return Question.of(
                Script.BAN,
                keys.bans(),
                place(place),
                signed,
                RedisRecordStore.decimal(keepMillis),
                channel,
                message(place, keepMillis, ban),
                when);
    }

    CompletionStage<@Nullable Void> end(String place, long rememberMillis) {
        return asker.ask(
                Question.of(
                        Script.END_BAN,
                        keys.bans(),
                        place(place),
                        RedisRecordStore.decimal(rememberMillis),
                        channel,
                        message(place, ENDED, new byte[0])),
                answered -> null);
    }

    CompletionStage<List<SharedBan>> all() {
        return asker.ask(Question.forMany(Script.BANS, keys.bans()), answered -> {
            List<byte[]> parts = answered.strings();
            List<SharedBan> bans = new ArrayList<>();
            for (int i = 0; i + 2 < parts.size(); i += 3) {
                long left = Long.parseLong(new String(parts.get(i + 1), US_ASCII));
                byte[] signed = parts.get(i + 2);
                byte[] ban =
                        signed.length > 0 && signed[0] == STANDS ? Arrays.copyOfRange(signed, 1, signed.length) : null;
                if (signed.length <= 1 + MAX_FACTS) {
                    bans.add(new SharedBan(new String(parts.get(i), UTF_8), ban, left));
                }
            }
            return List.copyOf(bans);
        });
    }

    /** Redis is there, or there again. */
    void up() {
        BanListener to = listener;
        if (to != null) {
            tell(to::missed);
        }
    }

    /** Reads what another server, or this one, has published. Others may publish anything. */
    void heard(byte[] message) {
        if (message.length > MAX_MESSAGE) {
            return;
        }
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
            tell(() -> to.ended(place));
        } else {
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
