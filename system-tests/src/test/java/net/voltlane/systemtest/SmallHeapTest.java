package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.voltlane.proof.KeyPair;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.Test;

/** A server with a small heap: it serves as many clients as fit, and lets in who comes back. */
class SmallHeapTest {
    private static final Pattern ROOM = Pattern.compile("the heap of [0-9]+ MiB leaves room for ([0-9]+) clients");

    @Test
    void whoIsConnectedIsServedAndOnlyWhoComesBackIsLetIn() {
        try (World world = World.setup()
                .with("clients.max_stale_clients", 200)
                .jvm("-Xmx11m", "-XX:+ExitOnOutOfMemoryError")
                .start()) {
            Matcher line = ROOM.matcher(
                    world.server().awaitErrorLine(any -> ROOM.matcher(any).find(), World.LINE_LIMIT));
            assertThat(line.find()).isTrue();
            int room = Integer.parseInt(line.group(1));
            assertThat(room).isBetween(50, 1000);
            world.master().echo(true);
            List<ScriptedClient> clients = new ArrayList<>();
            for (int i = 0; i < room; i++) {
                clients.add(world.open());
            }
            for (int i = 0; i < 3; i++) {
                ScriptedClient tooMany = world.connect();
                tooMany.send(new ProtocolVersion(2));
                tooMany.expect(PubKey.class);
                tooMany.send(new PubKey(KeyPair.generate(new SecureRandom()).publicKey()));
                tooMany.readUntilClosed();
            }
            world.server().awaitErrorLine(any -> any.contains("no room, see the heap"), World.LINE_LIMIT);

            clients.set(0, world.resumed(clients.get(0).identity()));
            for (int i = 0; i < clients.size(); i++) {
                clients.get(i).send(numbered(i, 50));
            }
            for (int i = 0; i < clients.size(); i++) {
                assertThat(clients.get(i).receive()).isEqualTo(numbered(i, 50));
            }
        }
    }
}
