package net.voltlane.testkit.version3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import net.voltlane.protocol.Frame;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.version3.PassThroughServer.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CountedPeersTest {
    private static final int STEPS = 20_000;

    /** The way of frames in one direction; a link that breaks loses what is on it. */
    private record Way(Deque<byte[]> frames, Consumer<byte[]> to) {
        static Way to(Consumer<byte[]> to) {
            return new Way(new ArrayDeque<>(), to);
        }

        void move() {
            byte[] frame = frames.poll();
            if (frame != null) {
                to.accept(Arrays.copyOfRange(frame, Frame.PREFIX_BYTES, frame.length));
            }
        }
    }

    private static final class Play implements CountedClient.Watch, CountedBackend.Watch {
        private final Random random = new Random(7);
        private final PassThroughServer server;
        private final CountedClient client;
        private final CountedBackend backend;
        private final List<byte[]> up = new ArrayList<>();
        private final List<byte[]> down = new ArrayList<>();
        private final List<Way> clientWays = new ArrayList<>();
        private final List<Way> firehoseWays = new ArrayList<>();
        private int cuts;

        Play(Fault fault) {
            ClientKeys serverKeys = new ClientKeys();
            ClientKeys keys = new ClientKeys();
            server = new PassThroughServer(fault, serverKeys.publicKey(), serverKeys.shared(keys.publicKey()));
            client = new CountedClient("the client", keys, this);
            backend = new CountedBackend(new byte[] {9}, CountedBackend.WISHES_ALL, false, this);
        }

        @Override
        public void received(long number, byte[] payload) {
            assertThat(payload).isEqualTo(down.get((int) number - 1));
        }

        @Override
        public void acknowledged(long number) {
            assertThat(number).as("acknowledged means arrived").isLessThanOrEqualTo(upArrived());
        }

        @Override
        public void data(BackendSession session, long number, byte[] payload) {
            assertThat(payload).isEqualTo(up.get((int) number - 1));
        }

        private long upArrived() {
            return backend.sessions().stream()
                    .mapToLong(BackendSession::received)
                    .sum();
        }

        void connectClient() {
            clientWays.clear();
            Way toClient = Way.to(payload -> client.link().frame(payload));
            var link = server.new ClientLink(toClient.frames::add);
            Way toServer = Way.to(link::frame);
            clientWays.addAll(List.of(toClient, toServer));
            if (client.id() == 0) {
                client.open(toServer.frames::add, new byte[0], 0);
            } else {
                client.resume(toServer.frames::add, new byte[32]);
            }
        }

        void connectFirehose() {
            firehoseWays.clear();
            Way toServer = Way.to(server::packet);
            CountedBackendLink link = backend.accept(toServer.frames::add);
            Way toBackend = Way.to(link::packet);
            firehoseWays.addAll(List.of(toServer, toBackend));
            server.connects(toBackend.frames::add);
        }

        void run() {
            connectFirehose();
            connectClient();
            while (!client.isLive()) {
                move();
            }
            for (int i = 0; i < STEPS; i++) {
                step();
            }
            for (int i = 0; i < STEPS; i++) {
                client.acknowledge();
                backend.acknowledge();
                move();
            }
            assertThat(client.acknowledged()).isEqualTo(client.sent());
            assertThat(upArrived()).isEqualTo(client.sent());
            assertThat(client.received()).isEqualTo(down.size());
        }

        private void step() {
            switch (random.nextInt(12)) {
                case 0 -> {
                    byte[] payload = Bytes.numbered(random.nextInt(), 4 + random.nextInt(9));
                    up.add(payload);
                    client.send(payload);
                }
                case 1 ->
                    backend.sessions().stream().findAny().ifPresent(session -> {
                        byte[] payload = Bytes.numbered(random.nextInt(), 4 + random.nextInt(9));
                        down.add(payload);
                        backend.send(session, payload);
                    });
                case 2 -> client.acknowledge();
                case 3 -> backend.acknowledge();
                case 4 -> {
                    if (random.nextInt(20) == 0) {
                        cuts++;
                        if (random.nextBoolean()) {
                            connectClient();
                        } else {
                            connectFirehose();
                        }
                    }
                }
                case 5 -> backend.numbered(77, 0x30, new byte[0]);
                default -> move();
            }
        }

        private void move() {
            List<Way> ways = random.nextBoolean() ? clientWays : firehoseWays;
            ways.get(random.nextInt(2)).move();
        }
    }

    @Test
    void nothingIsLostAndNothingComesTwiceOverLinksThatBreak() {
        Play play = new Play(Fault.NONE);
        play.run();
        assertThat(play.cuts).isGreaterThan(50);
        assertThat(play.up).hasSizeGreaterThan(1_000);
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void everyFaultOfAServerIsFound(Fault fault) {
        Play play = new Play(fault);
        assertThatThrownBy(play::run).isInstanceOfAny(AssertionError.class, IndexOutOfBoundsException.class);
    }
}
