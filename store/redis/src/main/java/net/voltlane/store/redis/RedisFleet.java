package net.voltlane.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import net.voltlane.server.store.Fleet;
import org.jspecify.annotations.Nullable;

/** The fleet of servers that tell each other of themselves through Redis. Times are by Redis's clock, so that the servers' clocks need not agree. */
final class RedisFleet implements Fleet {
    private final Asker asker;
    private final Keys keys;
    private final HandOvers handOvers;
    private final Bans bans;
    private final byte[] handOverChannel;
    private final byte[] banChannel;

    RedisFleet(EventLoop loop, Asker asker, Keys keys, String owner) {
        this.asker = asker;
        this.keys = keys;
        handOvers = new HandOvers(loop, asker, keys);
        bans = new Bans(asker, keys, owner);
        handOverChannel = keys.handOverChannel();
        banChannel = keys.banChannel();
    }

    @Override
    public CompletionStage<String> identity(String fingerprint) {
        return asker.ask(Question.of(Script.IDENTITY, keys.identity(), fingerprint.getBytes(UTF_8)), answered -> {
            byte[] stands = answered.string();
            return stands == null ? fingerprint : new String(stands, UTF_8);
        });
    }

    @Override
    public CompletionStage<@Nullable Void> beat(String owner, byte[] entry, long keepMillis) {
        return asker.ask(
                Question.of(
                        Script.BEAT,
                        keys.members(),
                        owner.getBytes(UTF_8),
                        entry,
                        RedisRecordStore.decimal(keepMillis)),
                answered -> null);
    }

    @Override
    public CompletionStage<@Nullable Void> leave(String owner) {
        return asker.ask(Question.of(Script.LEAVE, keys.members(), owner.getBytes(UTF_8)), answered -> null);
    }

    @Override
    public CompletionStage<List<Member>> members() {
        return asker.ask(Question.forMany(Script.MEMBERS, keys.members()), answered -> {
            List<byte[]> all = answered.strings();
            List<Member> members = new ArrayList<>();
            for (int i = 0; i + 1 < all.size(); i += 2) {
                members.add(new Member(new String(all.get(i), UTF_8), all.get(i + 1)));
            }
            return List.copyOf(members);
        });
    }

    @Override
    public CompletionStage<@Nullable Void> handOver(long id, long epoch, byte[] sealed, long keepMillis) {
        return handOvers.give(id, epoch, sealed, keepMillis);
    }

    @Override
    public CompletionStage<byte @Nullable []> takeOver(long id, long epoch, long withinMillis) {
        return handOvers.take(id, epoch, withinMillis);
    }

    @Override
    public CompletionStage<@Nullable Void> ban(String place, byte[] ban, long keepMillis) {
        return bans.write(place, ban, keepMillis);
    }

    @Override
    public CompletionStage<Boolean> restoreBan(String place, byte[] ban, long keepMillis) {
        return bans.restore(place, ban, keepMillis);
    }

    @Override
    public CompletionStage<@Nullable Void> endBan(String place, long rememberMillis) {
        return bans.end(place, rememberMillis);
    }

    @Override
    public CompletionStage<List<SharedBan>> bans() {
        return bans.all();
    }

    @Override
    public void onBan(BanListener listener) {
        bans.onBan(listener);
    }

    /** Redis is there, or there again: messages may have been lost. On the store's thread. */
    void up() {
        handOvers.look();
        bans.up();
    }

    /** Something was published. On the store's thread. */
    void message(byte[] channel, byte[] message) {
        if (Arrays.equals(channel, handOverChannel)) {
            handOvers.left(new String(message, UTF_8));
        } else if (Arrays.equals(channel, banChannel)) {
            bans.heard(message);
        }
    }

    /** Ends all waiting. On the store's thread. */
    void close() {
        handOvers.close();
    }
}
