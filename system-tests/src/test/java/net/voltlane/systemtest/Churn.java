package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.u32;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import net.voltlane.protocol.Frame;
import net.voltlane.systemtest.Letters.Wish;
import net.voltlane.testkit.ClientIdentity;
import net.voltlane.testkit.ScriptedClient;
import org.awaitility.core.ConditionTimeoutException;

/** Short lives: each round is one session from its beginning to one of the ends that there are. */
final class Churn {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int SMALL_BUFFER_BYTES = 8 * 1024;
    private static final int SLOW_ONE_IN = 100;

    private final InetSocketAddress server;
    private final CheckedMaster master;
    private final Random random;
    private long rounds;
    private long unanswered;

    Churn(InetSocketAddress server, CheckedMaster master, long seed) {
        this.server = server;
        this.master = master;
        random = new Random(seed);
    }

    long rounds() {
        return rounds;
    }

    /** Rounds in which an answer was lost with a firehose, or the server was too busy. */
    long unanswered() {
        return unanswered;
    }

    /**
     * Runs one client from its handshake to its end. The master checks what it receives; here an answer may be missing,
     * if it was lost with a firehose.
     */
    void round() {
        rounds++;
        boolean slow = random.nextInt(SLOW_ONE_IN) == 0;
        try (ScriptedClient client = ScriptedClient.connect(server, slow ? SMALL_BUFFER_BYTES : 0)) {
            client.timeout(LIMIT);
            ClientIdentity who = client.openSession();
            int number = 0;
            while (number < random.nextInt(20)) {
                talk(client, 1, ++number, Wish.NOTHING);
            }
            if (slow) {
                client.write(frame(1, ++number, Wish.FLOOD));
                await().atMost(LIMIT).until(() -> master.endOf(who.id()) != null);
                return;
            }
            switch (random.nextInt(4)) {
                case 0 -> client.cut();
                case 1 -> {
                    client.write(frame(1, ++number, Wish.KICK));
                    client.readUntilClosed();
                }
                case 2 -> {
                    client.write(u32(Integer.MAX_VALUE));
                    client.readUntilClosed();
                }
                default -> comeBack(who, client, number);
            }
        } catch (AssertionError | ConditionTimeoutException e) {
            unanswered++;
        }
    }

    private void comeBack(ClientIdentity who, ScriptedClient old, int number) {
        boolean takeover = random.nextBoolean();
        if (!takeover) {
            old.shutdownOutput();
            old.readUntilClosed();
        }
        try (ScriptedClient again = ScriptedClient.connect(server).timeout(LIMIT)) {
            again.resume(who);
            talk(again, 2, number + 1, Wish.KICK);
            again.readUntilClosed();
        }
    }

    private static void talk(ScriptedClient client, int link, int number, Wish wish) {
        client.write(frame(link, number, wish));
        while (Letters.Down.read(client.receive()).answered() < number) {
            // an older one, delivered late
        }
    }

    private static byte[] frame(int link, int number, Wish wish) {
        return Frame.of(new Letters.Up(wish, link, link - 1, number).bytes(number));
    }
}
