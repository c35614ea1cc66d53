package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongSupplier;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.Tag;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.server.store.FakeRecordStore;
import net.voltlane.server.store.FakeStorage;
import net.voltlane.server.store.RecordCodec;
import net.voltlane.server.store.RecordSeal;
import net.voltlane.testkit.ManualClock;
import org.jspecify.annotations.Nullable;

/**
 * Sessions with scripted links and a scripted master around them: no sockets, no loops, time moved by hand. Ids are 1,
 * 2, 3 in the order of opening. Closing it checks that every buffer was released and every charge taken back.
 */
final class Stage implements AutoCloseable {
    static final Duration STALE_TIMEOUT = Duration.ofSeconds(10);
    /** Settings with enough room for everything. */
    static final SessionSettings ROOMY = new SessionSettings(STALE_TIMEOUT.toNanos(), 100, 100, 1_000_000);

    /** The address of clients if a test names no other. */
    static final Cidr HOME = address("192.0.2.1");

    private static final byte[] KEY = {2, 3, 5, 7};

    final ManualClock clock = new ManualClock();
    final FakeMaster master = new FakeMaster();
    final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    final MemoryBudget budget;
    /** The link whose session another one is about to take. */
    @Nullable
    ClientPort yielding;

    final Sessions sessions;
    SessionStore store;
    /** The store of records; null for sessions without. */
    FakeRecordStore records;
    /** Hears of that store; null for sessions without. */
    StoreEvents events;

    /** Tasks of the session loop that have not run yet. */
    final Deque<Runnable> loopTasks = new ArrayDeque<>();
    /** True while the test's thread counts as the session loop. */
    boolean isSessionLoop = true;

    private final Metrics metrics = new Metrics();

    Stage() {
        this(ROOMY);
    }

    Stage(SessionSettings settings) {
        this(settings, Long.MAX_VALUE, oneTwoThree());
    }

    Stage(SessionSettings settings, long memoryLimitBytes, LongSupplier random) {
        this(settings, memoryLimitBytes, random, MemoryStore::new);
    }

    Stage(Function<SessionTable, SessionStore> stores) {
        this(ROOMY, Long.MAX_VALUE, oneTwoThree(), stores);
    }

    private Stage(
            SessionSettings settings,
            long memoryLimitBytes,
            LongSupplier random,
            Function<SessionTable, SessionStore> stores) {
        budget = new MemoryBudget(memoryLimitBytes);
        SessionEnvironment env =
                new SessionEnvironment(() -> isSessionLoop, master, allocator, budget, metrics.newCounters(), clock);
        sessions = new Sessions(settings, env, random, table -> {
            store = stores.apply(table);
            return store;
        });
    }

    /** Sessions with records in this place, which this server uses under this name. */
    Stage(SessionSettings settings, FakeStorage storage, String serverName, WhenAway whenAway) {
        this(settings, storage, serverName, whenAway, Long.MAX_VALUE, oneTwoThree());
    }

    Stage(
            SessionSettings settings,
            FakeStorage storage,
            String serverName,
            WhenAway whenAway,
            long memoryLimitBytes,
            LongSupplier random) {
        budget = new MemoryBudget(memoryLimitBytes);
        SessionEnvironment env =
                new SessionEnvironment(() -> isSessionLoop, master, allocator, budget, metrics.newCounters(), clock);
        events = new StoreEvents(loopTasks::add);
        records = storage.open(serverName, events);
        RecordCodec codec = new RecordCodec(RecordSeal.ofRecords(new byte[32], new SecureRandom()));
        sessions = new Sessions(
                settings, env, random, new RecordKeeping(records, events, codec, serverName, whenAway, loopTasks::add));
        turns();
    }

    static SessionSettings missedBounds(long packets, long bytes) {
        return new SessionSettings(STALE_TIMEOUT.toNanos(), 100, packets, bytes);
    }

    static SessionSettings logsEnds(boolean logsEnds) {
        return new SessionSettings(STALE_TIMEOUT.toNanos(), 100, 0, new QueueBounds(100, 1_000_000), logsEnds);
    }

    static SessionSettings staleBounds(Duration timeout, long max) {
        return new SessionSettings(timeout.toNanos(), max, 100, 1_000_000);
    }

    static Cidr address(String text) {
        return Objects.requireNonNull(Cidr.parse(text));
    }

    /** A client opens a session. */
    FakeLink open() {
        return open(HOME);
    }

    FakeLink open(Cidr from) {
        FakeLink link = new FakeLink(this, from);
        sessions.open(link, KEY.clone());
        return link;
    }

    /** A client opens a session and says something: the master has heard of it. */
    FakeLink openHeard() {
        return open().sends("hello");
    }

    /** A client comes back with the right proof. */
    FakeLink resume(long id) {
        return resume(id, HOME);
    }

    FakeLink resume(long id, Cidr from) {
        FakeLink link = new FakeLink(this, from);
        ResumeToken token = find(id);
        sessions.resume(link, token == null ? unproved(id) : token);
        return link;
    }

    /** The permission to resume a session; null if there is no such session. */
    @Nullable
    ResumeToken find(long id) {
        return SessionDoors.find(sessions, id);
    }

    /** A token that was given for no session that is there, though id and key look right. */
    static ResumeToken unproved(long id) {
        return new ResumeToken(new SessionRecord() {
            @Override
            public long id() {
                return id;
            }

            @Override
            public byte[] clientKey() {
                return KEY.clone();
            }

            @Override
            public ClientProtocol protocol() {
                return Version2.PROTOCOL;
            }
        });
    }

    /** The master sends a packet. */
    void data(long id, String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        ByteBuf buf = allocator.directBuffer();
        buf.writeZero(Tag.BYTES).writeBytes(payload);
        sessions.data(id, buf, Tag.BYTES, payload.length);
        buf.setZero(0, buf.capacity()).release(); // the caller's again: a kept packet must be a copy
    }

    void data(long id, String first, String... more) {
        data(id, first);
        for (String text : more) {
            data(id, text);
        }
    }

    /** The master has taken over this many packets of a session's client. */
    void acknowledge(long id, long packets) {
        master.subject(id).acknowledged(packets);
    }

    /** The session loop runs until it has nothing to do. */
    void turns() {
        while (!loopTasks.isEmpty()) {
            loopTasks.remove().run();
        }
    }

    void passes(Duration time) {
        clock.advance(time);
    }

    long count(Metric metric) {
        return metrics.sum(metric);
    }

    @Override
    public void close() {
        sessions.release();
        assertThat(budget.heldBytes()).as("charged bytes at the end").isZero();
        assertThat(allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory())
                .as("bytes of buffers that nobody released")
                .isZero();
    }

    private static LongSupplier oneTwoThree() {
        return new LongSupplier() {
            private long last;

            @Override
            public long getAsLong() {
                return ++last;
            }
        };
    }
}
