package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import net.voltlane.protocol.Tag;
import org.junit.jupiter.api.Test;

class Version3Test {
    @Test
    void aPacketHasItsLengthAndTypeInFront() {
        ByteBuf packet = Unpooled.copiedBuffer("..hello", StandardCharsets.UTF_8);
        ByteBuf out = Unpooled.buffer();
        Version3.PROTOCOL.write(out, packet, 2, 5);
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo("06000000" + "00" + "68656c6c6f");
    }

    @Test
    void thePrefixFitsIntoTheTagInFrontOfAPacket() {
        ByteBuf frame = Unpooled.buffer()
                .writeZero(Tag.FRAME_HEADER_BYTES)
                .writeBytes("hello".getBytes(StandardCharsets.UTF_8));
        int prefixBytes = Version3.PROTOCOL.prefixBytes();
        Version3.PROTOCOL.setPrefix(frame, Tag.FRAME_HEADER_BYTES - prefixBytes, 5);
        assertThat(prefixBytes).isEqualTo(5);
        assertThat(ByteBufUtil.hexDump(frame.skipBytes(Tag.FRAME_HEADER_BYTES - prefixBytes)))
                .isEqualTo("06000000" + "00" + "68656c6c6f");
    }

    @Test
    void anEmptyPacketHasATypeAlone() {
        ByteBuf out = Unpooled.buffer();
        Version3.PROTOCOL.write(out, Unpooled.EMPTY_BUFFER, 0, 0);
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo("01000000" + "00");
    }

    @Test
    void itIsNumberThree() {
        assertThat(Version3.PROTOCOL.version()).isEqualTo(3);
    }
}
