package net.voltlane.server.edge;

import static net.voltlane.testkit.Bytes.hex;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Arrays;
import net.voltlane.proof.KeyPair;
import net.voltlane.protocol.Limits;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.session.MasterPort;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A session of version 3 whose every byte is known: opened, used and resumed. */
@ExtendWith(LeakCheck.class)
final class Version3VectorsTest {
    private static final byte[] SECRET = hex("0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20");
    private static final long ID = 301_417_386_825_319L;

    private static final byte[] FIRST = hex("020000000103");
    private static final byte[] OPEN =
            hex("2a000000105714769d116bf76436ae74bc793d2c30ad1903c59ac5273805c7e2698b410c36" + "1e000500746f6b656e");
    private static final byte[] OPENED =
            hex("3300000011e959f86173e4040479717d69bb3e2249b1328199654b97aafbf39b8a30bff05a"
                    + "67564534231201001e00f7ff7f002c010000");
    private static final byte[] RESUME = hex("3b0000001267564534231201000700000000000000050000000000000000010203040506"
            + "0708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f1e00");
    private static final byte[] CHALLENGE =
            hex("2100000013202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f");
    private static final byte[] ANSWER =
            hex("2100000014194263103e3ca1bac0804db5f6a3d836a9ae28b4e9f09ae8655c9436909cf68e");
    private static final byte[] RESUMED =
            hex("3300000015b658e346367f31b5abc36e04fe77a71380f30e73825ba4a2826e4b724b00a403"
                    + "09000000000000001e00f7ff7f002c010000");
    private static final byte[] HELLO = hex("060000000068656c6c6f");

    /** Random bytes that are 20, 21, 22 and so on, each time. */
    private static final class Known extends SecureRandom {
        private static final long serialVersionUID = 1;

        @Override
        public void nextBytes(byte[] bytes) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (0x20 + i);
            }
        }
    }

    private static EdgeHarness harness() {
        EdgeSettings usual = EdgeHarness.SETTINGS;
        return new EdgeHarness(
                new EdgeSettings(
                        Limits.DEFAULT_MAX_FRAME_BYTES, usual.handshakeTimeoutNanos(), usual.channel(), false, 0),
                new EdgeHarness.Secrets(KeyPair.ofSecret(SECRET), new Known(), () -> ID));
    }

    @Test
    void everyByteOfTheServersIsAsItIsWrittenDown() {
        try (EdgeHarness harness = harness()) {
            FakeChannel first = harness.accept(EdgeClient.HOME);
            first.receives(Bytes.concat(FIRST, OPEN));
            harness.run();
            assertThat(first.taken()).isEqualTo(OPENED);
            MasterPort.Subject session = harness.master.opened;
            assertThat(session).isNotNull();
            assertThat(session.credentials()).isEqualTo(utf8("token"));
            for (int i = 0; i < 9; i++) {
                first.receives(HELLO);
            }
            for (int i = 0; i < 8; i++) {
                harness.send(ID, utf8("hello"));
            }
            harness.run();
            assertThat(harness.master.dataOf(ID)).hasSize(9).allMatch(data -> Arrays.equals(data, utf8("hello")));
            assertThat(first.taken()).startsWith(HELLO);
            first.close();
            FakeChannel next = harness.accept(EdgeClient.HOME);
            next.receives(Bytes.concat(FIRST, RESUME));
            harness.run();
            assertThat(next.taken()).isEqualTo(CHALLENGE);
            next.receives(ANSWER);
            harness.run();
            assertThat(next.taken()).startsWith(RESUMED).endsWith(HELLO);
        }
    }
}
