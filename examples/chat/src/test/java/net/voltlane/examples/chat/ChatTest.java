package net.voltlane.examples.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import net.voltlane.backend.BackendOptions;
import net.voltlane.backend.VoltlaneBackend;
import net.voltlane.client.CloseReason;
import net.voltlane.client.Protocol;
import net.voltlane.client.SendQueueFullException;
import net.voltlane.client.VoltlaneClient;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.testkit.Direction;
import net.voltlane.testkit.FaultRelay;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of the whole chat: the real connection server, the backend, and users in this process. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
@SuppressWarnings("try") // some users only listen
class ChatTest {

    private final Screen annSees = new Screen();
    private final Screen bobSees = new Screen();
    private VoltlaneBackend backend;
    private VoltlaneServer server;
    private InetSocketAddress address;

    @BeforeEach
    void open() throws Exception {
        backend = VoltlaneBackend.listen("127.0.0.1:0", new Room(InstantSource.system()));
        server = start(backend.address());
        address = server.listening().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() {
        stop(server);
        backend.close();
    }

    private static VoltlaneServer start(InetSocketAddress master) {
        ServerConfig config = ServerConfig.defaults();
        return VoltlaneServer.start(config.withListener(config.listener()
                        .withAddress(new Address("127.0.0.1", 0))
                        .withKeyFile(""))
                .withMaster(config.master().withProtocol(3).withAddress(new Address("127.0.0.1", master.getPort()))));
    }

    private static void stop(VoltlaneServer server) {
        server.stop();
        server.ended().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Test
    void usersJoinTalkAndLeave() throws Exception {
        try (ChatClient ann = join("ann", annSees)) {
            assertThat(annSees.next()).isEqualTo("* ann has joined");
            try (ChatClient bob = join("bob", bobSees)) {
                assertThat(annSees.next()).isEqualTo("* bob has joined");
                assertThat(bobSees.next()).isEqualTo("* ann is here");
                assertThat(bobSees.next()).isEqualTo("* bob has joined");

                ann.say("hi bob");
                assertThat(annSees.next()).isEqualTo("ann: hi bob");
                assertThat(bobSees.next()).isEqualTo("ann: hi bob");
                bob.say("gr\u00fc\u00dfe");
                assertThat(annSees.next()).isEqualTo("bob: gr\u00fc\u00dfe");
                assertThat(bobSees.next()).isEqualTo("bob: gr\u00fc\u00dfe");
            }
            assertThat(annSees.next()).isEqualTo("* bob has left");
        }
    }

    @Test
    void aNameThatIsTakenIsToldAndItsUserKicked() throws Exception {
        Screen otherSees = new Screen();
        try (ChatClient ann = join("ann", annSees)) {
            assertThat(annSees.next()).isEqualTo("* ann has joined");
            try (ChatClient other = join("ann", otherSees)) {
                assertThat(otherSees.next()).isEqualTo("* the name 'ann' is taken, please choose another");
                assertThat(other.awaitEnd()).isEqualTo(CloseReason.KICKED);
                assertThat(otherSees.next()).isEqualTo("* you are out: the chat has ended your session");
            }

            ann.say("still me");
            assertThat(annSees.next()).isEqualTo("ann: still me");
        }
    }

    @Test
    void aNameIsFreeWhenItsUserHasLeft() throws Exception {
        try (ChatClient bob = join("bob", bobSees)) {
            assertThat(bobSees.next()).isEqualTo("* bob has joined");
            join("ann", annSees).close();
            assertThat(bobSees.next()).isEqualTo("* ann has joined");
            assertThat(bobSees.next()).isEqualTo("* ann has left");

            try (ChatClient ann = join("ann", annSees)) {
                assertThat(bobSees.next()).isEqualTo("* ann has joined");
                ann.say("me again");
                assertThat(bobSees.next()).isEqualTo("ann: me again");
            }
            assertThat(bobSees.next()).isEqualTo("* ann has left");
            bob.say("alone");
            assertThat(bobSees.next()).isEqualTo("bob: alone");
        }
    }

    @Test
    void typedLinesAreSentUntilTheUserQuits() throws Exception {
        try (ChatClient bob = join("bob", bobSees)) {
            assertThat(bobSees.next()).isEqualTo("* bob has joined");
            ChatClient ann = join("ann", annSees);
            assertThat(annSees.next()).isEqualTo("* bob is here");
            assertThat(annSees.next()).isEqualTo("* ann has joined");
            assertThat(bobSees.next()).isEqualTo("* ann has joined");

            byte[] keys = "hi\n/quit\nnever said\n".getBytes(UTF_8);
            ChatTerminal.sayWhatIsTyped(ann, new ByteArrayInputStream(keys));

            assertThat(ann.awaitEnd()).isEqualTo(CloseReason.CLOSED);
            assertThat(bobSees.next()).isEqualTo("ann: hi");
            assertThat(bobSees.next()).isEqualTo("* ann has left");
            assertThat(annSees.rest())
                    .noneMatch(line -> line.startsWith("* connection lost")
                            || line.startsWith("* the server has closed")
                            || line.startsWith("* you are out"));
        }
    }

    @Test
    void leavingDoesNotWaitForALostConnection() throws Exception {
        try (FaultRelay relay = FaultRelay.to(address)) {
            ChatClient ann = ChatClient.join(text(relay.address()), "ann", annSees);
            assertThat(annSees.next()).isEqualTo("* ann has joined");
            relay.stall(Direction.OUT);
            relay.cut();
            assertThat(annSees.next()).isEqualTo("* connection lost, coming back ...");
            assertThatThrownBy(() -> {
                        while (true) {
                            ann.say("is anybody there?");
                        }
                    })
                    .isInstanceOf(SendQueueFullException.class);

            ann.close();

            assertThat(ann.awaitEnd()).isEqualTo(CloseReason.CLOSED);
        }
    }

    @Test
    void aUserThatLosesTheConnectionReturnsIsAnnouncedAndHasMissedNothing() throws Exception {
        try (FaultRelay relay = FaultRelay.to(address);
                ChatClient bob = join("bob", bobSees);
                ChatClient ann = ChatClient.join(text(relay.address()), "ann", annSees)) {
            assertThat(annSees.next()).isEqualTo("* bob is here");
            assertThat(annSees.next()).isEqualTo("* ann has joined");
            assertThat(bobSees.next()).isEqualTo("* bob has joined");
            assertThat(bobSees.next()).isEqualTo("* ann has joined");

            // No packets from ann get through, so she can't resume before the stall is over.
            relay.stall(Direction.OUT);
            relay.cut();
            assertThat(annSees.next()).isEqualTo("* connection lost, coming back ...");
            assertThat(bobSees.next()).isEqualTo("* ann is away");
            bob.say("is she gone?");
            assertThat(bobSees.next()).isEqualTo("bob: is she gone?");
            ann.say("wait for me");
            relay.unstall(Direction.OUT);

            assertThat(annSees.next()).isEqualTo("* connected again");
            assertThat(annSees.next()).isEqualTo("bob: is she gone?");
            assertThat(annSees.next()).isEqualTo("ann: wait for me");
            assertThat(bobSees.next()).isEqualTo("* ann is back");
            assertThat(bobSees.next()).isEqualTo("ann: wait for me");
        }
        assertThat(Files.readString(Path.of("README.md")))
                .contains("* connection lost, coming back ...\n* connected again\nbob: is she gone?\n")
                .contains("* ann is away\nbob: is she gone?\n* ann is back\n");
    }

    @Test
    void usersNoticeNothingOfARestartedBackendWhichStillKnowsThem() throws Exception {
        try (ChatClient ann = join("ann", annSees)) {
            assertThat(annSees.next()).isEqualTo("* ann has joined");
            InetSocketAddress same = backend.address();
            backend.close();
            backend = VoltlaneBackend.listen(same, new Room(InstantSource.system()), BackendOptions.DEFAULT);

            ann.say("anybody here?");
            assertThat(annSees.next()).isEqualTo("ann: anybody here?");

            try (ChatClient bob = join("bob", bobSees)) {
                assertThat(bobSees.next()).isEqualTo("* ann is here");
                assertThat(bobSees.next()).isEqualTo("ann: anybody here?");
            }
        }
    }

    @Test
    void aUserWhoseServerIsLostEntersByAnother() throws Exception {
        FaultRelay firehose = FaultRelay.to(backend.address());
        VoltlaneServer lost = start(firehose.address());
        InetSocketAddress there = lost.listening().toCompletableFuture().get(30, TimeUnit.SECONDS);
        try (ChatClient bob = join("bob", bobSees);
                ChatClient before = ChatClient.join(text(there), "ann", new Screen())) {
            assertThat(bobSees.next()).isEqualTo("* bob has joined");
            assertThat(bobSees.next()).isEqualTo("* ann has joined");
            firehose.close();
            await().until(() -> backend.firehoses().size() == 1);

            try (ChatClient ann = join("ann", annSees)) {
                assertThat(bobSees.next()).isEqualTo("* ann has left");
                assertThat(bobSees.next()).isEqualTo("* ann has joined");
                ann.say("here again");
                assertThat(bobSees.next()).isEqualTo("ann: here again");
            }
            assertThat(bobSees.next()).isEqualTo("* ann has left");
        } finally {
            stop(lost);
        }
        assertThat(bobSees.rest()).isEmpty();
    }

    @Test
    void whoEntersIsToldWhoIsHereAndTheLastFiftyLines() throws Exception {
        try (FaultRelay relay = FaultRelay.to(address);
                ChatClient ann = ChatClient.join(text(relay.address()), "ann", annSees);
                ChatClient bob = join("bob", bobSees)) {
            for (int i = 1; i <= 51; i++) {
                bob.say("line " + i);
            }
            while (!bobSees.next().equals("bob: line 51")) {
                // what was said before
            }
            relay.stall(Direction.OUT);
            relay.cut();
            assertThat(bobSees.next()).isEqualTo("* ann is away");

            Screen carlSees = new Screen();
            try (ChatClient carl = join("carl", carlSees)) {
                assertThat(carlSees.next()).isEqualTo("* ann is here, but away at present");
                assertThat(carlSees.next()).isEqualTo("* bob is here");
                for (int i = 2; i <= 51; i++) {
                    assertThat(carlSees.next()).isEqualTo("bob: line " + i);
                }
                assertThat(carlSees.next()).isEqualTo("* carl has joined");
            }
        }
    }

    @Test
    void packetsFromStrangersHarmNoUser() throws Exception {
        try (ChatClient ann = join("ann", annSees);
                VoltlaneClient stranger = VoltlaneClient.builder(text(address))
                        .credentials("e\u001b[2Jve\nann".getBytes(UTF_8))
                        .connect()) {
            assertThat(annSees.next()).isEqualTo("* ann has joined");
            assertThat(annSees.next()).isEqualTo("* e [2Jve ann has joined");
            stranger.send("boo\u0007\nann: I am a fool".getBytes(UTF_8));
            assertThat(annSees.next()).isEqualTo("e [2Jve ann: boo  ann: I am a fool");

            stranger.send(new byte[0]);
            stranger.send(new byte[] {(byte) 0xC3, 'x', (byte) 0xFF});
            assertThat(annSees.next()).isEqualTo("e [2Jve ann: \ufffdx\ufffd");
        }
    }

    @Test
    void aMissingNameIsRefused() throws Exception {
        try (VoltlaneClient stranger = VoltlaneClient.connect(text(address))) {
            assertThat(Event.decode(stranger.receive()).line()).startsWith("* a name is needed");
        }
    }

    @Test
    void aClientOfVersion2IsRefusedAsItHasNoName() throws Exception {
        try (VoltlaneClient old =
                VoltlaneClient.builder(text(address)).protocol(Protocol.V2).connect()) {
            assertThat(Event.decode(old.receive()).line()).startsWith("* a name is needed");
        }
    }

    private ChatClient join(String name, Screen screen) throws Exception {
        return ChatClient.join(text(address), name, screen);
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
