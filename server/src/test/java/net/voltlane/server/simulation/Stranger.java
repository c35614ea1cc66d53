package net.voltlane.server.simulation;

import java.util.Arrays;
import net.voltlane.protocol.Challenge;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.HandshakePacket;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.server.session.WorldFailure;
import net.voltlane.testkit.Bytes;

/** A stranger that speaks version 2, or nothing at all. */
final class Stranger implements Outsider {
    private enum Kind {
        SILENT,
        RUBBISH,
        OTHER_PROTOCOL,
        WRONG_FIRST,
        WRONG_VERSION,
        TOO_LARGE,
        BAD_KEY,
        DRIPS,
        FLOODS,
        PING_AT_ONCE,
        KEY_FOR_AN_ANSWER,
        REFLECTS,
        REPLAYS,
        GUESSES,
        SHORT_BOX,
        EMPTY_BOX
    }

    private static final byte[][] BAD_KEYS = {
        {},
        {0},
        new byte[33],
        Bytes.concat(new byte[] {2}, Bytes.hex("ff".repeat(32))),
        Bytes.concat(new byte[] {2}, Bytes.hex("00".repeat(31) + "05")), // no point has this x
        Bytes.concat(new byte[] {6}, new byte[64]),
        Bytes.concat(new byte[] {4}, Bytes.hex("01".repeat(64))),
        Arrays.copyOf(Keys.SERVER.publicKey(), 32)
    };

    private final SimLink link;
    private final World world;
    private final Kind kind;
    private long idEndsAtByte;
    private int framesTaken;

    Stranger(World world, String from) {
        this.world = world;
        kind = kind(world);
        link = world.connect(from, this::taken);
        long victim = world.anyId();
        world.trace.note(victim, () -> "a stranger comes over " + link + ": " + kind + ", to " + victim);
        begin(victim);
    }

    /** Chooses a kind; where wrong proofs count, mostly one that gives a wrong proof. */
    private static Kind kind(World world) {
        Kind[] all = Kind.values();
        boolean proves = world.rules.bans() && !world.dice.oneIn(3);
        int first = proves ? Kind.REFLECTS.ordinal() : 0;
        return all[world.dice.between(first, all.length - 1)];
    }

    /** Somebody of either version. */
    static Outsider of(World world) {
        String from = address(world);
        return world.dice.below(10) < world.rules.thirds() ? new Stranger3(world, from) : new Stranger(world, from);
    }

    /** An address among honest clients, elsewhere, or where nobody is let in from. */
    private static String address(World world) {
        return switch (world.dice.below(5)) {
            case 0, 1 -> "192.0.2." + (1 + world.dice.below(world.rules.addresses()));
            case 2, 3 -> "198.51.100." + (1 + world.dice.below(world.rules.bans() || world.rules.crowded() ? 2 : 20));
            default -> Rules.DENIED;
        };
    }

    private void begin(long victim) {
        Dice dice = world.dice;
        switch (kind) {
            case SILENT -> {}
            case RUBBISH -> link.write(dice.bytes(dice.between(1, 200)));
            case OTHER_PROTOCOL -> link.write(Bytes.utf8("GET / HTTP/1.1\r\nHost: example\r\n\r\n"));
            case WRONG_FIRST -> write(dice.oneIn(2) ? new Ping() : new ClientId(victim));
            case WRONG_VERSION -> write(new ProtocolVersion(dice.below(2)));
            case TOO_LARGE -> {
                greet();
                link.write(Bytes.concat(Bytes.u32(dice.oneIn(2) ? 1_025 : -5), new byte[9]));
            }
            case BAD_KEY -> {
                greet();
                write(new PubKey(BAD_KEYS[dice.below(BAD_KEYS.length)]));
            }
            case DRIPS -> {
                greet();
                link.write(Bytes.concat(Bytes.u32(1_000), dice.bytes(900)));
            }
            case FLOODS -> {
                greet();
                write(new PubKey(BAD_KEYS[2]));
                link.write(new byte[dice.below(100_000)]);
            }
            default -> {
                greet();
                write(new ClientId(victim));
                idEndsAtByte = link.writtenBytes();
                if (kind == Kind.PING_AT_ONCE) {
                    write(new Ping());
                } else if (kind == Kind.KEY_FOR_AN_ANSWER) {
                    write(new PubKey(Keys.ofClient(0).publicKey()));
                }
            }
        }
    }

    private void greet() {
        write(new ProtocolVersion(2));
    }

    private void write(HandshakePacket packet) {
        link.write(HandshakeCodec.frame(packet));
    }

    private void taken(byte[] payload) {
        HandshakePacket packet;
        boolean denied = !world.rules.limits().deny().isEmpty() && link.from.equals(Rules.DENIED);
        WorldFailure.unless(!denied, 0, "the stranger on " + link + " is denied, and was answered");
        try {
            packet = HandshakeCodec.decode(payload);
        } catch (MalformedPacketException e) {
            throw new WorldFailure(0, "the stranger on " + link + " got data");
        }
        boolean mayCome = framesTaken == 0 && packet instanceof PubKey
                || framesTaken == 1 && packet instanceof Challenge && kind.ordinal() >= Kind.PING_AT_ONCE.ordinal();
        WorldFailure.unless(mayCome, 0, "the stranger on " + link + ", " + kind + ", was answered " + packet);
        framesTaken++;
        if (packet instanceof Challenge challenge) {
            WorldFailure.unless(
                    !link.wasReadUnderBan(idEndsAtByte),
                    0,
                    "the stranger on " + link + " was banned, and got a challenge");
            answer(challenge.box());
        }
    }

    private void answer(byte[] box) {
        byte[] response = switch (kind) {
            case REFLECTS -> box;
            case REPLAYS -> world.anOldAnswer();
            case GUESSES -> world.dice.bytes(box.length);
            case SHORT_BOX -> world.dice.bytes(world.dice.below(40));
            case EMPTY_BOX -> new byte[0];
            default -> null;
        };
        if (response != null) {
            write(new ChallengeResponse(response));
            write(new Ping());
            link.write(Bytes.concat(Bytes.u32(8), Bytes.u32(link.serial), Bytes.u32(0)));
        }
    }

    @Override
    public SimLink link() {
        return link;
    }

    @Override
    public void act(Dice dice) {
        if (kind == Kind.DRIPS) {
            link.move(1);
        } else {
            link.moveSome(dice);
        }
        if (dice.oneIn(12)) {
            link.reset();
        } else if (dice.oneIn(12)) {
            link.fin();
        }
    }
}
