package net.voltlane.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.voltlane.protocol.firehose3.Data;
import net.voltlane.protocol.firehose3.Elsewhere;
import net.voltlane.protocol.firehose3.MessageCodec;
import net.voltlane.protocol.firehose3.Position;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ScriptedServer3;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests that cut a firehose behind every byte of an adoption, in each direction, and go on. */
@Timeout(120)
class AdoptionCutsTest {
    private static final Duration STALE = Duration.ofSeconds(300);
    private static final int PACKETS = 3;

    private final Recorder3 recorder = new Recorder3();

    /** A life: the session has sent {@value #PACKETS} packets by one server when another one takes it over. */
    private final class Life implements AutoCloseable {
        private final ScriptedServer3 one = new ScriptedServer3(1).keepsRecords(STALE);
        private final ScriptedServer3 two = new ScriptedServer3(2).keepsRecords(STALE);
        private final TestBackend it = TestBackend.listen(recorder);
        private final Session session;

        Life() throws Exception {
            one.connect(it.address());
            two.connect(it.address());
            one.opened(7, 1);
            recorder.skipTo("7 opened");
            session = recorder.session();
            for (int number = 1; number <= PACKETS; number++) {
                session.send(Bytes.numbered(number, 10));
            }
            one.data(7, Bytes.utf8("up"));
            recorder.skipTo("7 data up");
        }

        /** Expects Position and all packets, once and in order. Some may have come before. */
        void expectAll(List<Object> had) throws Exception {
            session.send(Bytes.numbered(PACKETS + 1, 10));
            while (had.size() < 1 + PACKETS + 1) {
                collect(two.next(), had);
            }
            assertThat(had).containsExactly(new Position(1, 1, 2), 1, 2, 3, 4);
            two.data(7, Bytes.utf8("more"));
            recorder.skipTo("7 data more");
            two.ended(7, 15, "Client left");
            recorder.skipTo("7 ended: Client left");
            assertThat(it.backend.stats().adopted()).isEqualTo(1);
            assertThat(it.backend.stats().sessions()).isZero();
        }

        @Override
        public void close() {
            one.close();
            two.close();
            it.close();
        }
    }

    private static void collect(ScriptedServer3.Packet packet, List<Object> had) {
        if (packet.message() instanceof Position) {
            had.add(packet.message());
        } else if (packet.message() instanceof Data data) {
            had.add(Bytes.number(data.payload()));
        }
    }

    @Test
    void cutsBehindEveryByteOfWhatTheNewServerSends() throws Exception {
        byte[] opened = MessageCodec.frame(7, ScriptedServer3.adoption(2, 1, 1));
        for (int cut = 0; cut <= opened.length; cut++) {
            try (Life life = new Life()) {
                life.two.keep(7, ScriptedServer3.adoption(2, 1, 1));
                life.two.link().write(Arrays.copyOf(opened, cut));
                life.two.link().shutdownOutput(); // what was sent before arrives
                life.two.connect(life.it.address());
                life.expectAll(new ArrayList<>());
            }
        }
    }

    @Test
    void cutsBehindEveryByteOfTheAnswers() throws Exception {
        int bytes = 13 + 24 + PACKETS * (13 + 10);
        for (int cut = 0; cut <= bytes; cut++) {
            try (Life life = new Life()) {
                life.two.adopted(7, 2, 1, 1);
                List<Object> had = new ArrayList<>();
                life.two.nextWithin(cut).forEach(packet -> collect(packet, had));
                life.two.cut();
                life.two.connect(life.it.address());
                life.expectAll(had);
            }
        }
    }

    /** The former server's link breaks while it is told that it has lost the session. */
    @Test
    void cutsBehindEveryByteThatTheFormerServerReads() throws Exception {
        int bytes = PACKETS * (13 + 10) + 13 + 8;
        for (int cut = 0; cut <= bytes; cut += 3) {
            try (Life life = new Life()) {
                life.two.adopted(7, 2, 1, 1);
                life.one.nextWithin(0);
                recorder.skipTo("7 resumed from 192.0.2.2:5000");
                life.one.data(7, Bytes.utf8("dropped"));
                List<ScriptedServer3.Packet> packets = new ArrayList<>(life.one.nextWithin(cut));
                life.one.cut();
                life.one.connect(life.it.address());
                boolean told = packets.stream().anyMatch(packet -> packet.message() instanceof Elsewhere);
                if (!told) {
                    life.one.nextThat(packet -> packet.message() instanceof Elsewhere);
                }
                life.one.awaitAcknowledged();
                life.expectAll(new ArrayList<>());
            }
        }
    }
}
