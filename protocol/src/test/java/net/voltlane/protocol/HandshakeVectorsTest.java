package net.voltlane.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every handshake vector, encoded and decoded, and each valid one cut off at every byte. */
final class HandshakeVectorsTest {

    static List<Vectors.Encoded> encoded() {
        return Vectors.encoded();
    }

    static List<Vectors.Decoded> decoded() {
        return Vectors.decoded();
    }

    @Test
    void theVectorsAreThere() {
        assertThat(encoded()).hasSize(53);
        assertThat(decoded()).hasSize(431);
        assertThat(decoded()).anyMatch(v -> v.packet() == null).anyMatch(v -> v.packet() != null);
    }

    @ParameterizedTest
    @MethodSource("encoded")
    void packetsBecomeTheBytesOfTheReference(Vectors.Encoded vector) {
        assertThat(HandshakeCodec.encode(vector.packet())).isEqualTo(vector.payload());
        assertThat(HandshakeCodec.frame(vector.packet())).isEqualTo(vector.frame());
    }

    @ParameterizedTest
    @MethodSource("encoded")
    void theBytesOfTheReferenceBecomePackets(Vectors.Encoded vector) throws Exception {
        assertThat(HandshakeCodec.decode(vector.payload())).isEqualTo(vector.packet());
        assertThat(Frame.length(vector.frame(), 0)).isEqualTo(vector.payload().length);
        assertThat(Frame.of(vector.payload())).isEqualTo(vector.frame());
    }

    @ParameterizedTest
    @MethodSource("decoded")
    void payloadsAreReadOrRefusedLikeTheReferenceDoes(Vectors.Decoded vector) throws Exception {
        if (vector.packet() == null) {
            refuses(vector.payload());
        } else {
            assertThat(HandshakeCodec.decode(vector.payload())).isEqualTo(vector.packet());
            assertThat(HandshakeCodec.decode(ByteBuffer.wrap(vector.payload()))).isEqualTo(vector.packet());
        }
    }

    @ParameterizedTest
    @MethodSource("encoded")
    void aPacketThatIsCutOffAnywhereIsRefused(Vectors.Encoded vector) {
        for (int length = 0; length < vector.payload().length; length++) {
            refuses(Arrays.copyOf(vector.payload(), length));
        }
    }

    private static void refuses(byte[] payload) {
        assertThatExceptionOfType(MalformedPacketException.class)
                .as("payload %s", HexFormat.of().formatHex(payload))
                .isThrownBy(() -> HandshakeCodec.decode(payload));
        assertThatExceptionOfType(MalformedPacketException.class)
                .isThrownBy(() -> HandshakeCodec.decode(ByteBuffer.wrap(payload)));
    }
}
