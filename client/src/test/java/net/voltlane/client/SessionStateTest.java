package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HexFormat;
import net.voltlane.proof.KeyPair;
import org.junit.jupiter.api.Test;

final class SessionStateTest {

    private final KeyPair keys = KeyPair.generate(ScriptedServer.RANDOM);
    private final byte[] serverKey = KeyPair.generate(ScriptedServer.RANDOM).publicKey();
    private final SessionState state = new SessionState(9_007_199_254_740_991L, keys, serverKey);

    private void assertSame(SessionState other) {
        assertThat(other.sessionId()).isEqualTo(state.sessionId());
        assertThat(other.keys().secret()).isEqualTo(keys.secret());
        assertThat(other.keys().publicKey()).isEqualTo(keys.publicKey());
        assertThat(other.serverKey()).isEqualTo(serverKey);
    }

    @Test
    void bytesAndTextCarryAllOfIt() {
        assertSame(SessionState.fromBytes(state.toBytes()));
        assertSame(SessionState.fromText(state.toText()));
        assertSame(SessionState.fromText("  " + state.toText() + "\n"));
        assertThat(state.toBytes()).hasSize(80);
        assertThat(state.toText()).hasSize(107).matches("[A-Za-z0-9_-]+");
    }

    @Test
    void itsTextForPeopleHoldsNoSecret() {
        assertThat(state).hasToString("SessionState[id=9007199254740991]");
    }

    @Test
    void anyDamageIsFoundAndNothingIsGivenAway() {
        byte[] good = state.toBytes();
        String secret = HexFormat.of().formatHex(keys.secret());
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
    }

    @Test
    void textThatIsNoneIsNotRepeated() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SessionState.fromText("s3cret!"))
                .withNoCause()
                .withMessageNotContaining("s3cret");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SessionState.fromText(state.toText().substring(4)))
                .withMessageContaining("expected: 80");
    }
}
