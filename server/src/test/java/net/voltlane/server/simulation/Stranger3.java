package net.voltlane.server.simulation;

import net.voltlane.protocol.Frame;
import net.voltlane.server.session.WorldFailure;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.version3.FieldReader;
import net.voltlane.testkit.version3.FieldWriter;

/** A stranger that speaks version 3, as far as one can without a key. It gets a challenge, and Close, and nothing else. */
final class Stranger3 implements Outsider {
    private enum Kind {
        /** Opens nothing: only names the version. */
        SILENT,
        RUBBISH,
        LATER_VERSION,
        TOO_LARGE,
        LONG_CREDENTIALS,
        DATA_FIRST,
        /** Answers a challenge with chance. */
        GUESSES,
        SHORT_ANSWER,
        ANSWERS_UNASKED,
        /** Goes away with its challenge. */
        LEAVES
    }

    private static final int RESUME = 0x12;
    private static final int CHALLENGE = 0x13;
    private static final int ANSWER = 0x14;
    private static final int OPEN = 0x10;
    private static final int CLOSE = 0x05;

    private final World world;
    private final SimLink link;
    private final Kind kind;
    private boolean challenged;

    Stranger3(World world, String from) {
        this.world = world;
        kind = Kind.values()[world.dice.below(Kind.values().length)];
        link = world.connect(from, this::taken);
        long victim = world.anyId();
        world.trace.note(victim, () -> "a stranger of version 3 comes over " + link + ": " + kind + ", to " + victim);
        begin(victim);
    }

    private void begin(long victim) {
        Dice dice = world.dice;
        if (kind == Kind.LATER_VERSION) {
            link.write(Frame.of(new byte[] {1, (byte) dice.between(4, 250)}));
            return;
        }
        link.write(Frame.of(new byte[] {1, 3}));
        switch (kind) {
            case RUBBISH -> write(new FieldWriter().u8(dice.between(0, 0x3F)).bytes(dice.bytes(dice.below(30))));
            case TOO_LARGE -> link.write(Bytes.concat(Bytes.u32(dice.oneIn(2) ? 8_193 : -7), new byte[30]));
            case LONG_CREDENTIALS ->
                write(new FieldWriter().u8(OPEN).bytes(dice.bytes(32)).u16(0).blob(new byte[4_097]));
            case DATA_FIRST -> write(new FieldWriter().u8(0).bytes(dice.bytes(9)));
            case GUESSES, SHORT_ANSWER, ANSWERS_UNASKED, LEAVES -> {
                if (kind == Kind.ANSWERS_UNASKED) {
                    write(new FieldWriter().u8(ANSWER).bytes(dice.bytes(32)));
                }
                write(new FieldWriter()
                        .u8(RESUME)
                        .u64(victim)
                        .u64(dice.below(3))
                        .u64(dice.below(3))
                        .bytes(dice.bytes(32))
                        .u16(0));
            }
            default -> {}
        }
    }

    private void write(FieldWriter payload) {
        link.write(Frame.of(payload.toBytes()));
    }

    private void taken(byte[] payload) {
        FieldReader body = new FieldReader(payload);
        int type = body.u8();
        if (type == CHALLENGE && !challenged && kind.ordinal() >= Kind.GUESSES.ordinal()) {
            challenged = true;
            if (kind == Kind.GUESSES) {
                write(new FieldWriter().u8(ANSWER).bytes(world.dice.bytes(32)));
                write(new FieldWriter().u8(0).bytes(world.dice.bytes(9)));
            } else if (kind == Kind.SHORT_ANSWER) {
                write(new FieldWriter().u8(ANSWER).bytes(world.dice.bytes(world.dice.below(32))));
            }
            return;
        }
        WorldFailure.unless(
                type == CLOSE && mayBe(body.u16()),
                0,
                "the stranger on " + link + ", " + kind + ", was answered " + type);
    }

    private boolean mayBe(int code) {
        return switch (code) {
            case 2 -> challenged && kind == Kind.GUESSES;
            case 7 -> kind == Kind.TOO_LARGE || kind == Kind.LONG_CREDENTIALS;
            case 8 -> kind != Kind.SILENT && kind != Kind.LATER_VERSION;
            case 14 -> kind == Kind.LATER_VERSION;
            case 10, 11, 13 -> true;
            default -> false;
        };
    }

    @Override
    public SimLink link() {
        return link;
    }

    @Override
    public void act(Dice dice) {
        link.moveSome(dice);
        if (dice.oneIn(12)) {
            link.reset();
        } else if (dice.oneIn(12)) {
            link.fin();
        }
    }
}
