package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.voltlane.proof.X25519KeyPair;
import net.voltlane.protocol.Frame;
import net.voltlane.testkit.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class Version3StateTest {

    private final X25519KeyPair keys = X25519KeyPair.generate(ScriptedServer.RANDOM);
    private final byte[] serverKey =
            X25519KeyPair.generate(ScriptedServer.RANDOM).publicKey();
    private final List<byte[]> frames = List.of(Frame.of(Bytes.utf8("one")), Frame.of(new byte[0]));
    private final SessionState state = state(7, new SendCounts(5, 4, 5));

    private SessionState state(long received, SendCounts counts) {
        return new SessionState(9_007_199_254_740_991L, new Version3State(keys, received, counts, frames), serverKey);
    }

    @Test
    void bytesAndTextCarryAllOfIt() {
        for (SessionState other :
                List.of(SessionState.fromBytes(state.toBytes()), SessionState.fromText(state.toText()))) {
            assertThat(other.sessionId()).isEqualTo(state.sessionId());
            assertThat(other.protocol()).isEqualTo(Protocol.V3);
            assertThat(other.serverKey()).isEqualTo(serverKey);
            assertThat(other.unacknowledged()).isEqualTo(2);
            assertThat(other.version3().keys().privateKey()).isEqualTo(keys.privateKey());
            assertThat(other.version3().received()).isEqualTo(7);
            assertThat(other.version3().counts()).isEqualTo(new SendCounts(5, 4, 5));
            assertThat(other.version3().frames())
                    .usingElementComparator(Arrays::compare)
                    .isEqualTo(frames);
        }
        assertThat(state.toBytes()).hasSize(119 + 7 + 4);
        assertThat(state.withoutPackets().toBytes()).hasSize(119);
        assertThat(state.toText()).matches("[A-Za-z0-9_-]+");
    }

    /** The form is fixed: a program may have stored it for long. */
    @Test
    void aStateOfToday() {
        SessionState stored = SessionState.fromBytes(HexFormat.of()
                .parseHex("564c02" + "6756453423120100"
                        + "65666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f8081828384"
                        + "e959f86173e4040479717d69bb3e2249b1328199654b97aafbf39b8a30bff05a"
                        + "0700000000000000" + "0500000000000000" + "0400000000000000" + "0600000000000000"
                        + "01000000" + "02000000" + "6869"
                        + "7d000000" + "df43cffd"));
        assertThat(stored.sessionId()).isEqualTo(301_417_386_825_319L);
        assertThat(stored.version3().keys().publicKey())
                .isEqualTo(Bytes.hex("5714769d116bf76436ae74bc793d2c30ad1903c59ac5273805c7e2698b410c36"));
        assertThat(stored.version3().received()).isEqualTo(7);
        assertThat(stored.version3().counts()).isEqualTo(new SendCounts(5, 4, 6));
        assertThat(stored.version3().frames().get(0)).isEqualTo(Frame.of(Bytes.utf8("hi")));
    }

    @Test
    void itsTextForPeopleHoldsNoSecret() {
        assertThat(state).hasToString("SessionState[id=9007199254740991]");
    }

    @Test
    void anyDamageIsFoundAndNothingIsGivenAway() {
        byte[] good = state.toBytes();
        String secret = HexFormat.of().formatHex(keys.privateKey());
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 1;
            assertThatIllegalArgumentException()
                    .as("byte %d", i)
                    .isThrownBy(() -> SessionState.fromBytes(bad))
                    .satisfies(e -> assertThat(e.toString()).doesNotContain(secret, state.toText()));
        }
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatIllegalArgumentException().isThrownBy(() -> SessionState.fromBytes(cut));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SessionState.fromBytes(Arrays.copyOf(good, good.length + 1)));
    }

    /** Counts that no session can have are refused, also with the right checksum. */
    @ParameterizedTest
    @CsvSource({
        "-1, 1, 0, 0",
        "9007199254740992, 1, 0, 0",
        "0, 0, 0, 0",
        "0, 3, 0, 1",
        "0, 1, 1, 1",
        "0, 1, -1, 0",
        "0, 1, 0, 9007199254740992"
    })
    void impossibleCountsAreRefused(long received, long first, long acknowledged, long everSent) {
        byte[] bytes =
                state(received, new SendCounts(first, acknowledged, everSent)).toBytes();
        assertThatIllegalArgumentException().isThrownBy(() -> SessionState.fromBytes(bytes));
    }
}
