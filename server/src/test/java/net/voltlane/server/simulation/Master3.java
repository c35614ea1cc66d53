package net.voltlane.server.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import net.voltlane.protocol.Tag;
import net.voltlane.testkit.version3.BackendSession;
import net.voltlane.testkit.version3.CountedBackend;
import net.voltlane.testkit.version3.CountedBackendLink;
import org.jspecify.annotations.Nullable;

/**
 * The master's side of firehose 3: a backend that is restarted now and then, with what it has stored or with nothing.
 * What its socket has taken is under way until chance has the backend read it, and is gone if the link breaks.
 */
final class Master3 extends SimMaster {
    private static final int ALL = Integer.MAX_VALUE;
    private static final int DATA = 0x00;
    private static final int INSTANCE_BYTES = 16;
    private static final int SERVED_NANOS = 1_500_000_000;

    private final FirehoseJudge judge;
    private final boolean lazy;
    private CountedBackend backend;
    private @Nullable CountedBackendLink core;
    private FrameStream taken = new FrameStream(0, payload -> {});
    private final Deque<byte[]> underWay = new ArrayDeque<>();
    private boolean answers = true;
    private long wroteAtNanos;
    private boolean well;

    Master3(World world) {
        super(world);
        judge = new FirehoseJudge(world);
        lazy = world.dice.oneIn(8);
        backend = new CountedBackend(instance(), world.dice.below(4), world.dice.oneIn(3), judge);
    }

    private byte[] instance() {
        byte[] bytes = world.dice.bytes(INSTANCE_BYTES);
        bytes[0] = 1;
        return bytes;
    }

    // ---- links

    @Override
    void begins(int number) {
        underWay.clear();
        if (number > 1 && world.dice.oneIn(4)) {
            restarts();
        }
        answers = well || !world.dice.oneIn(10);
        CountedBackendLink next = backend.accept(this::writes);
        core = next;
        judge.linkBegins();
        taken = new FrameStream(ALL - 64, payload -> {
            judge.taken(payload);
            underWay.add(payload);
        });
        world.trace.note(() -> "master accepts link " + number);
    }

    private void restarts() {
        world.trace.note(() -> "the backend is another one");
        backend = backend.restarted(instance(), judge);
    }

    private void writes(byte[] frame) {
        if (core != null) { // else its link is over, and what it writes is gone
            wroteAtNanos = world.now();
            append(frame);
        }
    }

    @Override
    void took(byte[] bytes) {
        taken.feed(bytes);
    }

    @Override
    void wasRead(byte[] bytes) {
        judge.serverReads(bytes);
    }

    @Override
    void isLost() {
        world.isCut();
        underWay.clear();
        core = null;
    }

    // ---- what it does

    private void reads(int packets) {
        CountedBackendLink current = isVanished() ? null : core;
        for (int n = packets; n > 0 && answers && current != null && !underWay.isEmpty(); n--) {
            current.packet(underWay.remove());
        }
    }

    @Override
    void acts(Dice dice) {
        if (!isVanished() && isConnected()) {
            reads(dice.oneIn(3) ? ALL : dice.between(1, 10));
        }
        switch (dice.weighted(16, 12, 3, 2, 2, 2, 2)) {
            case 0 -> {
                for (int n = dice.between(1, 5); n > 0; n--) {
                    data(any(dice), dice);
                }
            }
            case 1 -> acknowledge();
            case 2 -> {
                BackendSession session = any(dice);
                for (int n = dice.between(5, 60); n > 0; n--) {
                    data(session, dice);
                }
            }
            case 3 -> List.copyOf(backend.sessions()).forEach(session -> data(session, dice));
            case 4 -> kick(any(dice), dice);
            case 5 -> rubbish(dice);
            default -> backend.ping(dice.bytes(dice.below(17)));
        }
    }

    private void acknowledge() {
        if (!lazy || well) {
            backend.acknowledge();
        }
    }

    private void data(@Nullable BackendSession session, Dice dice) {
        if (session != null && !session.isOver()) {
            int length = dice.oneIn(8) ? 0 : dice.oneIn(10) ? dice.below(9_000) : dice.below(40);
            byte[] payload = dice.bytes(length);
            backend.send(session, payload);
        }
    }

    private void kick(@Nullable BackendSession session, Dice dice) {
        if (session != null && !session.isOver()) {
            world.trace.note(session.id(), () -> "the backend kicks " + session);
            backend.kick(session, "x".repeat(dice.below(20)));
        }
    }

    /** Packets that are skipped, and count. */
    private void rubbish(Dice dice) {
        BackendSession session = any(dice);
        long id = session == null || dice.oneIn(3) ? dice.number() | Long.MIN_VALUE : session.id();
        CountedBackendLink current = core;
        switch (dice.below(4)) {
            case 0 -> backend.numbered(id, dice.between(0x20, 0xFF), dice.bytes(dice.below(9)));
            case 1 -> backend.numbered(id, dice.oneIn(2) ? 0x04 : 0x01, dice.bytes(dice.below(30)));
            case 2 -> backend.numbered(dice.number() | Long.MIN_VALUE, DATA, dice.bytes(dice.below(30)));
            default -> {
                if (current != null && current.isLive()) {
                    current.writeRaw(dice.bytes(dice.below(Tag.BYTES)));
                }
            }
        }
    }

    private @Nullable BackendSession any(Dice dice) {
        List<BackendSession> sessions = new ArrayList<>(backend.sessions());
        return sessions.isEmpty() ? null : dice.oneOf(sessions);
    }

    @Override
    void ticks() {
        if (isConnected() && !isVanished() && core != null && world.now() - wroteAtNanos >= SERVED_NANOS) {
            reads(ALL);
            backend.ping(new byte[0]);
            moveAll();
        }
    }

    @Override
    void isWell() {
        well = true;
        answers = true;
        reads(ALL);
        acknowledge();
    }

    @Override
    void vanishes() {
        super.vanishes();
        underWay.clear();
    }

    // ---- what the rules need to know

    @Override
    boolean isReady() {
        return judge.isWelcomed();
    }

    @Override
    boolean hasAll() {
        return judge.hasAll();
    }

    @Override
    boolean hasAcknowledged() {
        return judge.hasAcknowledged();
    }

    @Override
    boolean isAcknowledged() {
        reads(ALL);
        return core == null || !core.isLive() || backend.acknowledged() == backend.sent();
    }

    @Override
    void allHaveEnded() {
        reads(ALL);
        judge.allHaveEnded();
    }

    @Override
    Waiting waiting() {
        return judge.waiting();
    }
}
