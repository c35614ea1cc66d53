package net.voltlane.systemtest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.voltlane.testkit.Bytes.concat;
import static net.voltlane.testkit.Bytes.u32;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import net.voltlane.proof.KeyPair;
import net.voltlane.proof.SecretBox;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.Reason;
import net.voltlane.testkit.ClientIdentity;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens and however much is logged: no key, challenge or payload is in it, in any form. */
class SecretsTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int PROOF_BYTES = 32;

    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void noSecretIsEverPrinted(String format) throws IOException {
        Path folder = World.newFolder();
        Path log = folder.resolve("server.log");
        Traces secrets = new Traces();
        try (World world = World.setup()
                .with("general.log_level", "Trace")
                .with("general.log_format", format)
                .with("listener.max_frame_size", 100_000)
                .with("clients.missed_packets_buffer_size", 2)
                .errorsTo(log)
                .start()) {
            secrets.of("the server's secret", secretIn(world.folder().resolve("connserver.key")));
            everythingThatCanHappen(world, secrets);
            world.closeClients();
            world.server().signal("TERM");
            assertThat(world.server().awaitExit(LIMIT)).isZero();
            byte[] printed = Files.readAllBytes(log);
            assertThat(new String(printed, UTF_8))
                    .as("something was logged, to its end, at every level")
                    .contains("has stopped", "WARN", "DEBUG");
            assertThat(secrets.in(
                            concat(printed, utf8(world.server().outputLines().toString()))))
                    .isEmpty();
        } finally {
            World.deleteFolder(folder);
        }
    }

    private static void everythingThatCanHappen(World world, Traces secrets) {
        ScriptedClient owner = world.open();
        ClientIdentity who = owner.identity();
        secrets.of("a client's secret", who.keys().secret()).of("a shared key", who.sharedKey());
        traffic(world, owner, secrets, "live");
        rightAndWrongResumes(world, owner, secrets);
        strangers(world, secrets);
        endings(world, secrets);
        world.master().accept().cut();
        world.master().accept();
        world.roundTrip(world.open());
    }

    private static void rightAndWrongResumes(World world, ScriptedClient owner, Traces secrets) {
        ClientIdentity who = owner.identity();
        world.cut(owner);
        byte[] missed = payload(secrets, "a missed packet");
        world.master().send(who.id(), missed);
        world.settle();
        ScriptedClient thief = world.connect();
        byte[] box = thief.requestChallenge(who.id());
        thief.send(new ChallengeResponse(box), new Ping());
        thief.readUntilClosed();
        secrets.of("a challenge", text(who, box)).of("a challenge's box", box);

        ScriptedClient forger = world.connect();
        byte[] other = forger.requestChallenge(who.id());
        byte[] forged = SecretBox.seal(who.sharedKey(), new byte[PROOF_BYTES], RANDOM);
        forger.send(new ChallengeResponse(forged), new Ping());
        forger.readUntilClosed();
        secrets.of("another challenge", text(who, other)).of("a forged box", forged);

        ScriptedClient back = world.connect();
        byte[] last = back.requestChallenge(who.id());
        byte[] answer = ScriptedClient.answer(last, who);
        back.send(new ChallengeResponse(answer), new Ping());
        back.expect(Ping.class);
        back.adopt(who);
        secrets.of("the answered challenge", text(who, last)).of("the answer's box", answer);
        assertThat(back.receive()).isEqualTo(missed);
        world.master().expectReconnection(who.id());
        traffic(world, back, secrets, "resumed");
        ScriptedClient taker = world.resumed(who);
        world.master().expectReconnection(who.id());
        traffic(world, taker, secrets, "taken over");
    }

    private static void strangers(World world, Traces secrets) {
        for (int i = 0; i < 3; i++) {
            ScriptedClient stranger = world.connect();
            byte[] rubbish = payload(secrets, "what stranger " + i + " sent");
            stranger.write(i == 0 ? rubbish : concat(u32(rubbish.length), rubbish));
            if (i == 2) {
                stranger.cut();
            } else {
                stranger.readUntilClosed();
            }
        }
        ScriptedClient unknown = world.connect();
        byte[] decoy = unknown.requestChallenge(4711);
        secrets.of("a decoy's box", decoy);
        unknown.cut();
    }

    private static void endings(World world, Traces secrets) {
        ScriptedClient kicked = world.open();
        traffic(world, kicked, secrets, "kicked");
        world.master().kick(kicked.id());
        kicked.readUntilClosed();
        world.master().expectFailure(kicked.id(), Reason.CLIENT_KICKED);

        ScriptedClient large = world.open();
        traffic(world, large, secrets, "too large");
        large.write(u32(100_001), payload(secrets, "the start of a frame too large"));
        world.master().expectFailure(large.id(), Reason.FRAME_TOO_LARGE);

        ScriptedClient lost = world.open();
        traffic(world, lost, secrets, "lost");
        world.cut(lost);
        for (int i = 0; i < 3; i++) {
            world.master().send(lost.id(), payload(secrets, "missed for good " + i));
        }
        world.master().expectFailure(lost.id(), Reason.MISSED_PACKETS_OVERFLOW);
        world.master().send(lost.id(), payload(secrets, "for nobody"));
        world.master().expectFailure(lost.id(), Reason.CLIENT_NOT_FOUND);
        world.master().send(lost.id(), Flag.FAILURE, payload(secrets, "a flag that a master never sends"));
        world.settle();
    }

    private static void traffic(World world, ScriptedClient client, Traces secrets, String name) {
        byte[] up = payload(secrets, name + " up");
        byte[] down = payload(secrets, name + " down");
        client.send(up);
        assertThat(world.master().dataOf(client.id())).isEqualTo(up);
        world.master().send(client.id(), down);
        assertThat(client.receive()).isEqualTo(down);
    }

    /** A text, then random bytes. */
    private static byte[] payload(Traces secrets, String name) {
        byte[] random = new byte[24];
        RANDOM.nextBytes(random);
        byte[] payload = concat(Base64.getEncoder().withoutPadding().encode(random), random);
        secrets.of(name, payload);
        return payload;
    }

    private static byte[] text(ClientIdentity who, byte[] box) {
        byte[] text = SecretBox.open(who.sharedKey(), box);
        assertThat(text).isNotNull();
        return text;
    }

    private static byte[] secretIn(Path keyFile) throws IOException {
        return HexFormat.of().parseHex(Files.readString(keyFile).strip());
    }

    @Test
    void aTraceIsFoundInEveryForm() {
        byte[] secret = KeyPair.generate(RANDOM).secret();
        byte[] part = Arrays.copyOfRange(secret, 5, 25);
        String dump = HexFormat.ofDelimiter(" ").withUpperCase().formatHex(part);
        String signed = Arrays.toString(part);
        Traces traces = new Traces().of("it", secret);
        assertThat(traces.in(concat(utf8("key="), part, utf8("\n")))).contains("it raw");
        assertThat(traces.in(utf8("|" + dump + "|"))).contains("it in hex");
        assertThat(traces.in(utf8("key: " + HexFormat.of().formatHex(secret)))).contains("it in hex");
        assertThat(traces.in(utf8(Base64.getEncoder().encodeToString(secret)))).contains("it in Base64");
        assertThat(traces.in(utf8(Base64.getUrlEncoder().encodeToString(part)))).contains("it in Base64");
        assertThat(traces.in(utf8("key " + signed))).contains("it as numbers");
        assertThat(traces.in(utf8("nothing of it"))).isEmpty();
    }
}
