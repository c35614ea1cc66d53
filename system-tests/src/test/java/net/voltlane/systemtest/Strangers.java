package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.hex;
import static net.voltlane.testkit.Bytes.u32;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.testkit.LinkEnded;
import net.voltlane.testkit.ScriptedClient;

/** Connections of strangers: each does one thing that it should not do, and is gone. */
final class Strangers {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int BOX_BYTES = 72;
    private static final byte[] LONGEST_LENGTH = u32(1 << 30);

    private Strangers() {}

    /** The harm that a single connection does. */
    @FunctionalInterface
    interface Deed {
        void with(ScriptedClient connection, Random random);
    }

    /** Does it; that the server ends the connection at any moment is to be expected. */
    static void act(InetSocketAddress server, Deed deed, Random random) {
        try (ScriptedClient connection = ScriptedClient.connect(server).timeout(LIMIT)) {
            deed.with(connection, random);
            connection.cut();
        } catch (LinkEnded e) {
            // refused
        }
    }

    /** Connects and goes. */
    static void knock(ScriptedClient connection, Random random) {
        // that is all
    }

    /** Says that a frame of a gigabyte follows. */
    static void exaggerate(ScriptedClient connection, Random random) {
        connection.write(LONGEST_LENGTH, new byte[100]);
        connection.readUntilClosed();
    }

    /** Asks for a session that is not its own and answers the challenge with random bytes. */
    static void guess(ScriptedClient connection, Random random) {
        connection.requestChallenge(random.nextLong(1, 1L << 53));
        connection.send(new ChallengeResponse(bytes(random, BOX_BYTES)), new Ping());
        connection.readUntilClosed();
    }

    /** Sends anything. */
    static void babble(ScriptedClient connection, Random random) {
        connection.write(bytes(random, 1 + random.nextInt(300)));
        connection.shutdownOutput();
        connection.readUntilClosed();
    }

    /** Speaks another protocol. */
    static void mistakeThePort(ScriptedClient connection, Random random) {
        connection.write(hex("474554202f20485454502f312e310d0a0d0a"));
        connection.readUntilClosed();
    }

    /** Sends a key that is no point. */
    static void forgeAKey(ScriptedClient connection, Random random) {
        connection.send(new ProtocolVersion(Limits.PROTOCOL_VERSION), new PubKey(Points.compressedOffTheCurve()));
        connection.readUntilClosed();
    }

    /** Goes in the middle of its handshake. */
    static void giveUp(ScriptedClient connection, Random random) {
        byte[] beginning = hex("02000000 0102 23000000 0221 02");
        connection.drip(Arrays.copyOf(beginning, random.nextInt(beginning.length)));
    }

    private static byte[] bytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
