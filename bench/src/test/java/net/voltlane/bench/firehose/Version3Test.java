package net.voltlane.bench.firehose;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.voltlane.bench.load.Ids;
import net.voltlane.bench.load.Payload;
import net.voltlane.bench.load.Transport;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Tag;
import net.voltlane.protocol.firehose3.Ack;
import net.voltlane.protocol.firehose3.Attributes;
import net.voltlane.protocol.firehose3.Data;
import net.voltlane.protocol.firehose3.Ended;
import net.voltlane.protocol.firehose3.FirehoseMessage;
import net.voltlane.protocol.firehose3.Hello;
import net.voltlane.protocol.firehose3.MessageCodec;
import net.voltlane.protocol.firehose3.Opened;
import net.voltlane.protocol.firehose3.Ping;
import net.voltlane.protocol.firehose3.Pong;
import net.voltlane.protocol.firehose3.Welcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The echoing firehose of version 3. Time is moved by hand. */
class Version3Test {

    private static final byte[] SERVER = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    private static final Opened OPENED = new Opened(false, false, false, 1, 1, Attributes.EMPTY);

    private BenchBackend backend;
    private EmbeddedChannel channel;

    @BeforeEach
    void open() throws Exception {
        backend = BenchBackend.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Transport.best(),
                new Payload(64, 1),
                new Ids(1));
        channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.pipeline().addLast(new FirehoseHandler(backend));
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
        backend.close();
    }

    private static Hello hello() {
        return new Hello(3, SERVER, new byte[16], 0, Attributes.EMPTY);
    }

    /** Sends whole packets in one read. */
    private void send(Object... idsAndMessages) {
        ByteBuf all = Unpooled.buffer();
        for (int i = 0; i < idsAndMessages.length; i += 2) {
            long id = ((Number) idsAndMessages[i]).longValue();
            all.writeBytes(MessageCodec.frame(id, (FirehoseMessage) idsAndMessages[i + 1]));
        }
        channel.writeInbound(all);
    }

    private List<FirehoseMessage> answers() throws MalformedPacketException {
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            all.writeBytes(out);
            out.release();
        }
        List<FirehoseMessage> answers = new ArrayList<>();
        while (all.isReadable()) {
            ByteBuf frame = all.readSlice(Frame.PREFIX_BYTES + all.getIntLE(all.readerIndex()));
            byte[] data = new byte[frame.readableBytes() - Tag.FRAME_HEADER_BYTES];
            frame.getBytes(frame.readerIndex() + Tag.FRAME_HEADER_BYTES, data);
            answers.add(MessageCodec.decode(
                    frame.getLongLE(frame.readerIndex() + Tag.ID_OFFSET_IN_FRAME),
                    frame.getByte(frame.readerIndex() + Tag.FLAG_OFFSET_IN_FRAME),
                    ByteBuffer.wrap(data),
                    false));
        }
        return answers;
    }

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    private static Data data() {
        return new Data(new byte[64]);
    }

    @Test
    void aHelloIsAnsweredWithWelcome() throws Exception {
        send(0, hello());

        assertThat(answers()).singleElement().isInstanceOfSatisfying(Welcome.class, welcome -> {
            assertThat(welcome.version()).isEqualTo(3);
            assertThat(welcome.received()).isZero();
            assertThat(welcome.backend()).isNotEqualTo(new byte[16]);
        });
        assertThat(backend.version()).isEqualTo(3);
    }

    @Test
    void whatGoesBackTakesAnAckOfAllNumberedPacketsAlong() throws Exception {
        send(0, hello());
        answers();

        send(7, OPENED, 7, data(), 7, data(), 0, new Ping(new byte[3]));

        assertThat(answers()).containsExactly(data(), data(), new Pong(new byte[3]), new Ack(3));
    }

    @Test
    void whatIsNotAnsweredIsAcknowledgedAfter50Millis() throws Exception {
        send(0, hello(), 7, OPENED);
        assertThat(answers()).hasSize(1);
        pass(49);
        assertThat(answers()).isEmpty();
        pass(1);
        assertThat(answers()).containsExactly(new Ack(1));
        pass(100);
        assertThat(answers()).isEmpty();
    }

    @Test
    void sixtyFourPacketsAreAcknowledgedAtOnce() throws Exception {
        send(0, hello());
        answers();
        for (int i = 0; i < 63; i++) {
            send(i + 1, OPENED);
        }
        assertThat(answers()).isEmpty();
        send(64, OPENED);
        assertThat(answers()).containsExactly(new Ack(64));
    }

    @Test
    void anAckBeyondWhatWasSentEndsTheLink() {
        send(0, hello(), 7, data(), 0, new Ack(1));
        assertThat(channel.isOpen()).isTrue();
        send(0, new Ack(2));
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void anAckThatGoesBackEndsTheLink() {
        send(0, hello(), 7, data(), 7, data(), 0, new Ack(2));
        assertThat(channel.isOpen()).isTrue();
        send(0, new Ack(1));
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void itPingsWhenItHasNothingToSayAndGivesUpASilentServer() throws Exception {
        send(0, hello());
        answers();
        pass(2_500);
        pass(2_500);
        assertThat(answers()).containsExactly(new Ping(new byte[0]));
        for (int i = 0; i < 4; i++) {
            pass(2_500);
            assertThat(channel.isOpen()).isTrue();
        }
        pass(2_500);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void theEndOfASessionIsToldWithItsReason() {
        List<String> ends = new ArrayList<>();
        backend.onFailure((id, reason) -> ends.add(id + " " + reason));
        send(0, hello(), 7, new Ended(4, 0, 0, "Buffer overflow"));
        assertThat(ends).containsExactly("7 Buffer overflow");
    }
}
