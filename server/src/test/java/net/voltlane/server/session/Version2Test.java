package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

/** The layout of a packet for a version-2 client. */
final class Version2Test {
    private static final ClientProtocol PROTOCOL = Version2.PROTOCOL;

    @Test
    void itsNumberIsTwo() {
        assertThat(PROTOCOL.version()).isEqualTo(2);
        assertThat(PROTOCOL).hasToString("client protocol 2");
    }

    @Test
    void aPacketsPrefixIsTheLengthOfItsPayload() {
        ByteBuf buf = Unpooled.buffer(8).writeZero(8);
        PROTOCOL.setPrefix(buf, 2, 0x01020304);
        assertThat(PROTOCOL.prefixBytes()).isEqualTo(4);
        assertThat(ByteBufUtil.hexDump(buf)).isEqualTo("0000" + "04030201" + "0000");
    }

    @Test
    void thePrefixIsWrittenBehindWhatIsReadableToo() {
        ByteBuf buf = Unpooled.buffer(8);
        PROTOCOL.setPrefix(buf, buf.writerIndex(), 7);
        assertThat(buf.readableBytes()).as("the caller moves the index").isZero();
        assertThat(buf.getIntLE(0)).isEqualTo(7);
    }
}
