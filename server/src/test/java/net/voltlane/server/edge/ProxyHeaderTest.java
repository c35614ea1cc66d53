package net.voltlane.server.edge;

import static net.voltlane.server.edge.ProxyHeaders.ADDRESSES_4;
import static net.voltlane.server.edge.ProxyHeaders.ADDRESSES_6;
import static net.voltlane.server.edge.ProxyHeaders.SIGNATURE;
import static net.voltlane.server.edge.ProxyHeaders.v2;
import static net.voltlane.testkit.Bytes.concat;
import static net.voltlane.testkit.Bytes.hex;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.voltlane.server.edge.ProxyHeader.Verdict;
import net.voltlane.server.link.Bufs;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProxyHeaderTest {
    private static final byte[] BEHIND = hex("02000000 0102");
    /** The longest block that is taken, and the addresses in front of it. */
    private static final byte[] LONG_TAIL = new byte[ProxyHeader.MAX_BLOCK_BYTES - 12];

    static Stream<Arguments> valid() {
        return Stream.of(
                Arguments.of(utf8("PROXY TCP4 192.0.2.7 198.51.100.1 40000 42000\r\n"), "192.0.2.7"),
                Arguments.of(utf8("PROXY TCP4 0.0.0.0 255.255.255.255 0 65535\r\n"), "0.0.0.0"),
                Arguments.of(utf8("PROXY TCP6 2001:db8::7 2001:DB8::1 40000 42000\r\n"), "2001:db8:0:0:0:0:0:7"),
                Arguments.of(
                        utf8("PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
                                + " ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n"),
                        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
                Arguments.of(utf8("PROXY TCP6 ::ffff:192.0.2.7 ::ffff:c633:6401 40000 42000\r\n"), "192.0.2.7"),
                Arguments.of(utf8("PROXY UNKNOWN\r\n"), null),
                Arguments.of(utf8("PROXY UNKNOWN ffff::1 whatever it be\r\n"), null),
                Arguments.of(utf8("PROXY UNKNOWN " + "x".repeat(107 - 16) + "\r\n"), null),
                Arguments.of(v2("21 11", ADDRESSES_4), "192.0.2.7"),
                Arguments.of(v2("21 21", ADDRESSES_6), "2001:db8:0:0:0:0:0:7"),
                Arguments.of(
                        v2("21 21", "00000000000000000000FFFFC0000207 00000000000000000000FFFFC6336401 9C40 A410"),
                        "192.0.2.7"),
                // a name that the client asked for, and a checksum
                Arguments.of(v2("21 11", ADDRESSES_4 + "02 00 04 67616D65" + "03 00 04 DEADBEEF"), "192.0.2.7"),
                Arguments.of(v2("21 21", ADDRESSES_6 + "04 00 03 000000"), "2001:db8:0:0:0:0:0:7"),
                Arguments.of(v2("21 11", hex(ADDRESSES_4), LONG_TAIL), "192.0.2.7"),
                Arguments.of(v2("20 00", ""), null),
                Arguments.of(v2("20 11", ADDRESSES_4), null),
                Arguments.of(v2("20 FF", "00"), null),
                Arguments.of(v2("21 00", ""), null),
                Arguments.of(v2("21 00", ADDRESSES_4), null),
                Arguments.of(v2("21 12", ADDRESSES_4), null),
                Arguments.of(v2("21 31", new byte[216]), null));
    }

    @ParameterizedTest
    @MethodSource("valid")
    void aHeaderNamesItsSourceAndTakesNothingBehindItHoweverItIsCut(byte[] header, String source) {
        byte[] all = concat(header, BEHIND);
        for (int cut = 0; cut <= all.length; cut++) {
            ProxyHeader it = new ProxyHeader();
            ByteBuf first = Unpooled.wrappedBuffer(all, 0, cut);
            ByteBuf last = first;
            Verdict verdict = it.read(first);
            assertThat(verdict).as("cut at %d", cut).isEqualTo(cut < header.length ? Verdict.MORE : Verdict.COMPLETE);
            if (verdict == Verdict.MORE) {
                assertThat(first.isReadable()).isFalse();
                last = Unpooled.wrappedBuffer(all, cut, all.length - cut);
                assertThat(it.read(last)).as("cut at %d", cut).isEqualTo(Verdict.COMPLETE);
            }
            byte[] left = Bufs.bytes(last);
            assertThat(left).as("cut at %d", cut).isEqualTo(Arrays.copyOf(BEHIND, left.length));
            assertThat(left.length).isEqualTo(verdict == Verdict.MORE ? 6 : Math.max(0, cut - header.length));
            expectSource(it, source);
        }
    }

    @ParameterizedTest
    @MethodSource("valid")
    void aHeaderMayComeByteByByte(byte[] header, String source) {
        ProxyHeader it = new ProxyHeader();
        for (int i = 0; i < header.length; i++) {
            assertThat(it.read(Unpooled.wrappedBuffer(header, i, 1)))
                    .as("byte %d", i)
                    .isEqualTo(i < header.length - 1 ? Verdict.MORE : Verdict.COMPLETE);
        }
        expectSource(it, source);
    }

    private static void expectSource(ProxyHeader header, String source) {
        InetAddress address = header.source();
        assertThat(address == null ? null : address.getHostAddress()).isEqualTo(source);
        if (source != null) {
            assertThat(address instanceof Inet4Address).isEqualTo(source.indexOf(':') < 0);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY \r\n",
                "PROXY  TCP4 192.0.2.7 198.51.100.1 1 2\r\n",
                "PROXY TCP4\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1 2 3\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1 2 \r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1 65536\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 -1 2\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1 02\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1 \r\n",
                "PROXY TCP4 192.0.2 198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2.7.1 198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2.256 198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2.07 198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2.7 localhost 1 2\r\n",
                "PROXY TCP4 2001:db8::7 2001:db8::1 1 2\r\n",
                "PROXY TCP6 192.0.2.7 198.51.100.1 1 2\r\n",
                "PROXY TCP6 2001:db8::7::1 2001:db8::1 1 2\r\n",
                "PROXY TCP6 2001:db8::g 2001:db8::1 1 2\r\n",
                "PROXY TCP6 [2001:db8::7] 2001:db8::1 1 2\r\n",
                "PROXY TCP6 fe80::7%1 fe80::1 1 2\r\n",
                "PROXY tcp4 192.0.2.7 198.51.100.1 1 2\r\n",
                "PROXY UDP4 192.0.2.7 198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1 2\n",
                "PROXY UNKNOWN\n",
                "PROXY UNKNOWNS\r\n"
            })
    void aLineThatIsNotAsItShouldBe(String line) {
        assertThat(verdict(utf8(line))).isEqualTo(Verdict.MALFORMED);
    }

    static Stream<byte[]> malformed() {
        return Stream.of(
                v2("11 11", ADDRESSES_4), // version 1 does not begin like this
                v2("31 11", ADDRESSES_4),
                v2("22 11", ADDRESSES_4), // neither LOCAL nor PROXY
                v2("21 41", ADDRESSES_4), // no such family
                v2("21 13", ADDRESSES_4), // no such protocol
                v2("21 11", ADDRESSES_4.substring(0, ADDRESSES_4.length() - 2)),
                v2("21 11", ""),
                v2("21 21", ADDRESSES_4),
                v2("21 21", ADDRESSES_6.substring(0, ADDRESSES_6.length() - 2)),
                v2("21 31", new byte[215]));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void aBlockThatIsNotAsItShouldBe(byte[] header) {
        assertThat(verdict(header)).isEqualTo(Verdict.MALFORMED);
    }

    static Stream<byte[]> missing() {
        return Stream.of(
                BEHIND,
                utf8("GET / HTTP/1.1\r\n"),
                utf8("PROXYTCP4"),
                utf8("PROX\r\n"),
                utf8("proxy TCP4"),
                hex("16030100"),
                hex("0D 0A 0D 0A 0D"),
                hex(SIGNATURE.substring(0, SIGNATURE.length() - 2) + "0B"));
    }

    @ParameterizedTest
    @MethodSource("missing")
    void whatIsNoHeaderIsSeenAtTheFirstWrongByte(byte[] bytes) {
        ProxyHeader it = new ProxyHeader();
        Verdict verdict = Verdict.MORE;
        int taken = 0;
        while (verdict == Verdict.MORE) {
            verdict = it.read(Unpooled.wrappedBuffer(bytes, taken++, 1));
        }
        assertThat(verdict).isEqualTo(Verdict.MISSING);
        boolean line = bytes[0] == 'P';
        byte[] signature = line ? utf8("PROXY ") : hex(SIGNATURE);
        assertThat(Arrays.mismatch(bytes, signature)).isEqualTo(taken - 1);
    }

    @Test
    void aLineOver107BytesIsRefusedAtThe107th() {
        byte[] line = utf8("PROXY UNKNOWN " + "x".repeat(200));
        assertThat(verdict(Arrays.copyOf(line, 106))).isEqualTo(Verdict.MORE);
        assertThat(verdict(Arrays.copyOf(line, 107))).isEqualTo(Verdict.TOO_LONG);
        assertThat(verdict(concat(Arrays.copyOf(line, 106), utf8("\r\n")))).isEqualTo(Verdict.TOO_LONG);
    }

    @Test
    void aBlockOver4096BytesIsRefusedByItsLengthAlone() {
        byte[] header = v2("21 11", hex(ADDRESSES_4), LONG_TAIL, new byte[1]);
        assertThat(verdict(Arrays.copyOf(header, 15))).isEqualTo(Verdict.MORE);
        assertThat(verdict(Arrays.copyOf(header, 16))).isEqualTo(Verdict.TOO_LONG);
        assertThat(verdict(concat(hex(SIGNATURE), hex("20 00 FF FF")))).isEqualTo(Verdict.TOO_LONG);
    }

    @Test
    void rubbishGetsAVerdictAndNeverAnException() {
        byte[][] heads = {
            new byte[0],
            utf8("PROXY "),
            utf8("PROXY TCP4 "),
            utf8("PROXY TCP6 ::"),
            hex(SIGNATURE),
            hex(SIGNATURE + "21")
        };
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            for (int round = 0; round < 20_000; round++) {
                byte[] rubbish = new byte[random.nextInt(200)];
                for (int i = 0; i < rubbish.length; i++) {
                    rubbish[i] = (byte)
                            (random.nextBoolean() ? random.nextInt() : "0123456789.: \r\n".charAt(random.nextInt(15)));
                }
                byte[] all = concat(heads[random.nextInt(heads.length)], rubbish);
                ProxyHeader it = new ProxyHeader();
                Verdict verdict = Verdict.MORE;
                for (byte[] part : Bufs.split(all, 50, random)) {
                    if (verdict == Verdict.MORE) {
                        verdict = it.read(Unpooled.wrappedBuffer(part));
                    }
                }
                assertThat(it.source() == null || verdict == Verdict.COMPLETE || verdict == Verdict.MORE)
                        .as("an address without a header")
                        .isTrue();
            }
        });
    }

    private static Verdict verdict(byte[] bytes) {
        return new ProxyHeader().read(Unpooled.wrappedBuffer(bytes));
    }
}
