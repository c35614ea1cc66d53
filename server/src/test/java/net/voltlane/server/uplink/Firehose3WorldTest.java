package net.voltlane.server.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.Tag;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.Seeds;
import net.voltlane.testkit.version3.BackendSession;
import net.voltlane.testkit.version3.CountedBackend;
import net.voltlane.testkit.version3.CountedBackendLink;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random worlds: sessions that come, send, lose their links and end; links that are cut at any byte, with the master's
 * last bytes unread; masters that acknowledge late, restart with or without what they stored, and stall. The master is an
 * implementation of its own, which fails on whatever a server must not do. At the end it has had every packet of every
 * session once, in order.
 */
final class Firehose3WorldTest extends Firehose3Case {
    private static final int STEPS = 250;

    private static final class Client {
        final FakeSubject subject;
        int sent;
        boolean isLive = true;
        boolean begun;
        boolean hasSpoken;
        boolean over;

        Client(long id) {
            subject = FakeSubject.known(id);
        }
    }

    private final class World implements CountedBackend.Watch {
        final Random random;
        final List<Client> clients = new ArrayList<>();
        final Map<Long, Integer> heard = new HashMap<>();
        final Set<Long> ends = new HashSet<>();
        int instances = 1;
        CountedBackend backend;

        @Nullable
        FakeChannel link;

        CountedBackendLink backendLink;
        final ByteArrayOutputStream unread = new ByteArrayOutputStream();

        final boolean announcesAtOpen;

        World(long seed, boolean announcesAtOpen) {
            this.announcesAtOpen = announcesAtOpen;
            random = new Random(seed);
            backend = new CountedBackend(instance(1), random.nextInt(4), true, this);
            harness.uplink.start(harness.sessions);
            adopt(harness.dialled());
        }

        // ---- the master

        @Override
        public void data(BackendSession session, long number, byte[] payload) {
            if (!ends.contains(session.id())) { // else a store has forgotten it, and it comes again
                assertThat((int) number).isEqualTo(heard.merge(session.id(), 1, Integer::sum));
            }
            assertThat(payload).isEqualTo(payload(session.id(), (int) number));
        }

        @Override
        public void ended(BackendSession session, int code, long taken, long delivered, String reason) {
            ends.add(session.id());
            assertThat(taken).isEqualTo(heard.getOrDefault(session.id(), 0).longValue());
        }

        /** The master reads whole packets. */
        void reads() {
            byte[] all = unread.toByteArray();
            int at = 0;
            while (at + Frame.PREFIX_BYTES <= all.length) {
                int end = at + Frame.PREFIX_BYTES + Frame.length(all, at);
                if (end > all.length) {
                    break;
                }
                backendLink.packet(Arrays.copyOfRange(all, at + Frame.PREFIX_BYTES, end));
                at = end;
            }
            unread.reset();
            unread.write(all, at, all.length - at);
            harness.loop.run();
        }

        void cut() {
            FakeChannel dead = link;
            if (dead == null) {
                return;
            }
            if (random.nextBoolean()) {
                reads(); // what has arrived before the cut counts, or does not
            }
            unread.reset();
            link = null;
            harness.lose(dead);
        }

        void redial() {
            if (link == null) {
                for (int i = 0; i < 300 && link == null; i++) {
                    harness.loop.advance(Duration.ofMillis(50));
                    FakeChannel next = FakeChannel.nextDialled();
                    if (next != null) {
                        adopt(next);
                    }
                }
                assertThat(link).as("a link").isNotNull();
            }
        }

        /** The server has connected to the master. */
        private void adopt(FakeChannel next) {
            unread.reset();
            link = next;
            next.watch(bytes -> unread.writeBytes(bytes), bytes -> {});
            next.accepted();
            backendLink = backend.accept(bytes -> {
                if (link == next) {
                    next.receives(bytes);
                }
            });
            if (random.nextInt(4) == 0) {
                next.takes(random.nextInt(500));
            }
            harness.loop.run();
        }

        /** Another process goes on with what this one has stored. */
        void restarts() {
            cut();
            backend = backend.restarted(instance(++instances), this);
        }

        // ---- clients

        void opens() {
            Client client = new Client(clients.size() + 1);
            clients.add(client);
            harness.uplink.opened(client.subject);
        }

        @Nullable
        Client any() {
            List<Client> there = clients.stream().filter(client -> !client.over).toList();
            return there.isEmpty() ? null : there.get(random.nextInt(there.size()));
        }

        void sends(Client client) {
            if (!client.isLive) {
                return;
            }
            if (!client.begun) {
                client.begun = true;
                client.hasSpoken = true;
                harness.uplink.dataFollows(client.subject);
            }
            byte[][] frames = new byte[1 + random.nextInt(4)][];
            for (int i = 0; i < frames.length; i++) {
                frames[i] = Tag.frame(client.subject.id(), Flag.DATA, payload(client.subject.id(), ++client.sent));
            }
            harness.queue(frames);
            if (random.nextBoolean()) {
                harness.uplink.flush();
            }
        }

        byte[] payload(long id, int number) {
            int length = number % 17 == 0 ? 5000 + number : number % 40;
            return Bytes.concat(new byte[] {(byte) id, (byte) number, (byte) (number >> 8)}, new byte[length]);
        }

        void loses(Client client) {
            if (client.isLive) {
                client.isLive = false;
                harness.uplink.suspended(client.subject, "reset");
            }
        }

        void comesBack(Client client) {
            harness.uplink.resumed(client.subject, client.isLive);
            client.isLive = true;
            client.begun = false;
        }

        void ends(Client client) {
            client.over = true;
            client.subject.takenUp = client.sent;
            harness.uplink.ended(client.subject, Reason.CLIENT_DISCONNECTED, NO_TEXT);
        }

        // ----

        void step() {
            Client client = any();
            int dice = random.nextInt(100);
            if (dice < 10 || client == null) {
                opens();
            } else if (dice < 40) {
                sends(client);
            } else if (dice < 46) {
                loses(client);
            } else if (dice < 52) {
                comesBack(client);
            } else if (dice < 56) {
                ends(client);
            } else if (dice < 60) {
                harness.uplink.delivered(client.subject);
                harness.uplink.slow(client.subject, dice);
            } else if (dice < 72) {
                reads();
            } else if (dice < 80) {
                backend.acknowledge();
                harness.loop.run();
            } else if (dice < 84) {
                backend.sessions().stream()
                        .filter(session -> !session.isOver())
                        .findAny()
                        .ifPresent(session -> backend.send(session, new byte[random.nextInt(50)]));
            } else if (dice < 90) {
                cut();
            } else if (dice < 92) {
                restarts();
            } else if (dice < 96) {
                redial();
            } else if (link != null) {
                link.takes(random.nextBoolean() ? Long.MAX_VALUE : random.nextInt(300));
            }
            harness.loop.advance(Duration.ofMillis(random.nextInt(30)));
        }

        void heals() {
            redial();
            for (int i = 0; i < 20; i++) {
                FakeChannel now = link;
                if (now != null) {
                    now.takesAll();
                }
                harness.uplink.flush();
                harness.loop.run();
                reads();
                backend.acknowledge();
                harness.loop.run();
            }
            for (Client client : clients) {
                assertThat(heard.getOrDefault(client.subject.id(), 0))
                        .as("packets of %d", client.subject.id())
                        .isEqualTo(client.sent);
                List<Long> acknowledged = client.subject.acknowledged;
                assertThat(acknowledged).isSorted().doesNotHaveDuplicates();
                assertThat(client.sent == 0 || acknowledged.get(acknowledged.size() - 1) == client.sent)
                        .as("all is acknowledged")
                        .isTrue();
                assertThat(backend.session(client.subject.id()) != null)
                        .as("the master knows it")
                        .isEqualTo(!client.over && (announcesAtOpen || client.hasSpoken));
            }
            assertThat(harness.budget.heldBytes()).as("kept for the master").isZero();
            assertThat(harness.gate.isShut()).isFalse();
        }
    }

    @Test
    void everyWorldHeals() {
        Seeds.run(seed -> {
            for (int i = 0; i < 60; i++) {
                use(i % 2 == 0 ? bounds(20, 10_000) : bounds(1000, 1_000_000), i % 3 == 0 ? WITH_DATA : OPEN);
                World world = new World(seed + i, i % 3 != 0);
                try {
                    for (int step = 0; step < STEPS; step++) {
                        world.step();
                    }
                    world.heals();
                } catch (AssertionError e) {
                    throw new AssertionError("-Dvoltlane.seed=" + (seed + i) + " as the first: " + e.getMessage(), e);
                }
            }
        });
    }
}
