package net.voltlane.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.voltlane.bench.model.FaultCounts;
import net.voltlane.bench.model.Load;
import net.voltlane.bench.model.Result;
import net.voltlane.bench.model.Scenario;
import net.voltlane.bench.model.Target;
import net.voltlane.bench.report.TextReport;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.testkit.Firehose;
import net.voltlane.testkit.ScriptedMaster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A backend that makes one mistake is found out, whatever the mistake. */
@Timeout(60)
class FaultyBackendTest {

    /** It happens at this packet, or later, when both clients have spoken. */
    private static final int FAULTY = 20;

    /** A backend's treatment of one packet, and of all those that come after. */
    private interface Mistake {
        void make(Firehose firehose, FirehosePacket packet, List<FirehosePacket> held, Set<Long> ids);
    }

    private static FaultCounts faultsOf(Mistake mistake) throws Exception {
        try (ScriptedMaster master = ScriptedMaster.listen()) {
            VoltlaneServer server = Runs.start("127.0.0.1", 0, master.address(), config -> config);
            try {
                Target target =
                        new Target(server.listening().toCompletableFuture().get(10, TimeUnit.SECONDS), null, 0);
                Thread backend = new Thread(() -> echo(master, mistake), "faulty-backend");
                backend.setDaemon(true);
                backend.start();
                Result result = Bench.run(
                        Runs.plan(Scenario.ECHO, new Load(2, 64, 4, 0, 64, 0, 1), 300, target),
                        Runs.NONE,
                        new Runs.Heard());
                assertThat(result.isFine()).isFalse();
                assertThat(TextReport.table(result)).last().asString().startsWith("FAILED: ");
                assertThat(result.faults().first()).isNotNull();
                return result.faults();
            } finally {
                Runs.stop(server);
            }
        }
    }

    private static void echo(ScriptedMaster master, Mistake mistake) {
        Firehose firehose = master.accept();
        List<FirehosePacket> held = new ArrayList<>();
        Set<Long> ids = new LinkedHashSet<>();
        try {
            boolean made = false;
            for (int i = 0; ; i++) {
                FirehosePacket packet = firehose.next();
                ids.add(packet.id());
                if (packet.flag() != Flag.DATA) {
                    continue;
                }
                if (!made && i >= FAULTY && ids.size() == 2) {
                    made = true;
                    mistake.make(firehose, packet, held, ids);
                } else {
                    firehose.send(packet.id(), packet.data());
                    held.stream()
                            .filter(late -> late.id() == packet.id())
                            .forEach(late -> firehose.send(late.id(), late.data()));
                    held.removeIf(late -> late.id() == packet.id());
                }
            }
        } catch (AssertionError e) {
            // the run is over
        }
    }

    @Test
    void aMessageThatIsLeftOutIsLost() throws Exception {
        FaultCounts faults = faultsOf((firehose, packet, held, ids) -> {});

        assertThat(faults).isEqualTo(new FaultCounts(1, 0, 0, 0, 0, 0, faults.first()));
        assertThat(faults.first()).contains("1 left out");
    }

    @Test
    void twoThatAreSwappedAreOutOfOrderAndNotLost() throws Exception {
        FaultCounts faults = faultsOf((firehose, packet, held, ids) -> held.add(packet));

        assertThat(faults).isEqualTo(new FaultCounts(0, 1, 0, 0, 0, 0, faults.first()));
    }

    @Test
    void oneThatComesTwiceIsOutOfOrder() throws Exception {
        FaultCounts faults = faultsOf((firehose, packet, held, ids) -> {
            firehose.send(packet.id(), packet.data());
            firehose.send(packet.id(), packet.data());
        });

        assertThat(faults).isEqualTo(new FaultCounts(0, 1, 0, 0, 0, 0, faults.first()));
    }

    @Test
    void aChangedByteIsCorruptionAndTheMessageIsLost() throws Exception {
        FaultCounts faults = faultsOf((firehose, packet, held, ids) -> {
            byte[] data = packet.data().clone();
            data[data.length - 1] ^= 1;
            firehose.send(packet.id(), data);
        });

        assertThat(faults).isEqualTo(new FaultCounts(1, 0, 0, 1, 0, 0, faults.first()));
    }

    @Test
    void aMissingByteIsCorruption() throws Exception {
        FaultCounts faults = faultsOf((firehose, packet, held, ids) ->
                firehose.send(packet.id(), Arrays.copyOf(packet.data(), packet.data().length - 1)));

        assertThat(faults).isEqualTo(new FaultCounts(1, 0, 0, 1, 0, 0, faults.first()));
        assertThat(faults.first()).contains("63 bytes");
    }

    @Test
    void aMessageForAnotherClientIsMisrouted() throws Exception {
        FaultCounts faults = faultsOf((firehose, packet, held, ids) -> {
            long other =
                    ids.stream().filter(id -> id != packet.id()).findFirst().orElseThrow();
            firehose.send(other, packet.data());
        });

        assertThat(faults).isEqualTo(new FaultCounts(1, 0, 1, 0, 0, 0, faults.first()));
    }

    @Test
    void aLinkThatIsClosedIsSeenAndWhatWasUnderWayOnItIsLost() throws Exception {
        FaultCounts faults = faultsOf((firehose, packet, held, ids) -> firehose.kick(packet.id()));

        assertThat(faults.closed()).isEqualTo(1);
        assertThat(faults.lost()).isPositive();
        assertThat(faults.first()).contains("closed");
    }
}
