package net.voltlane.server.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import net.voltlane.server.link.SocketKinds;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Names are looked up with a name server and a hosts file of the test's own. */
@ExtendWith(LeakCheck.class)
@Timeout(30)
final class SystemNamesTest {
    private static final InetAddress FIRST = address("192.0.2.1");
    private static final InetAddress SECOND = address("192.0.2.2");
    private static final InetAddress SIX = address("2001:db8::1");

    @TempDir
    private Path folder;

    private final NameServer server;
    private final List<String> askedOfTheJdk = new ArrayList<>();
    private final List<InetSocketAddress> servers = new ArrayList<>();
    private MultiThreadIoEventLoopGroup group;
    private SocketKinds transport = SocketKinds.here().get(0);
    private List<String> search = List.of();
    private Function<String, NameLookup.Found> jdk = host -> {
        askedOfTheJdk.add(host);
        return NameLookup.Found.nothing("unknown host");
    };

    SystemNamesTest() throws IOException {
        server = new NameServer();
        servers.add(server.address());
    }

    static List<SocketKinds> transports() {
        return SocketKinds.here();
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void hosts() throws IOException {
        Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost\n");
    }

    @AfterEach
    void close() throws Exception {
        server.close();
        if (group != null) {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    private NameLookup names() {
        group = new MultiThreadIoEventLoopGroup(1, transport.handlers());
        ResolvConf conf = new ResolvConf(List.copyOf(servers), search, 1);
        return switch (transport.name()) {
            case "epoll" -> names(EpollDatagramChannel.class, EpollSocketChannel.class, conf);
            case "io_uring" -> names(IoUringDatagramChannel.class, IoUringSocketChannel.class, conf);
            default -> names(NioDatagramChannel.class, NioSocketChannel.class, conf);
        };
    }

    private SystemNames names(
            Class<? extends DatagramChannel> datagrams, Class<? extends SocketChannel> streams, ResolvConf conf) {
        return new SystemNames(
                group.next(), datagrams, streams, folder.resolve("hosts"), () -> conf, host -> jdk.apply(host));
    }

    private NameLookup.Found find(NameLookup names, String host) throws Exception {
        CompletableFuture<NameLookup.Found> found = new CompletableFuture<>();
        group.next()
                .execute(() -> names.find(host, answer -> {
                    assertThat(group.next().inEventLoop()).isTrue();
                    assertThat(found.complete(answer)).as("one answer").isTrue();
                }));
        return found.get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void theNameServerIsAskedEachTimeWhateverItSaidBefore(SocketKinds which) throws Exception {
        transport = which;
        NameLookup names = names();
        server.answer("backend.example", FIRST);
        assertThat(find(names, "backend.example").addresses()).containsExactly(FIRST);
        server.answer("backend.example", SECOND, SIX);
        assertThat(find(names, "Backend.example.").addresses()).containsExactly(SECOND, SIX);
        assertThat(askedOfTheJdk).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void anAnswerThatIsTooLongForADatagramComesByTcp(SocketKinds which) throws Exception {
        transport = which;
        InetAddress[] many = new InetAddress[60];
        for (int i = 0; i < many.length; i++) {
            many[i] = address("192.0.2." + i);
        }
        server.answer("many.example", many);
        assertThat(find(names(), "many.example").addresses()).containsExactly(many);
    }

    @Test
    void aQuestionThatWasLostIsAskedAgain() throws Exception {
        server.answer("backend.example", FIRST);
        server.ignores.set(2); // one for each family
        assertThat(find(names(), "backend.example").addresses()).containsExactly(FIRST);
    }

    @Test
    void whereOneNameServerIsDeadTheNextOneIsAsked() throws Exception {
        NameServer dead = new NameServer();
        servers.add(0, dead.address());
        dead.close();
        server.answer("backend.example", FIRST);
        assertThat(find(names(), "backend.example").addresses()).containsExactly(FIRST);
    }

    @Test
    void aShortNameIsSearchedForInTheDomains() throws Exception {
        search = List.of("other.example", "cluster.example");
        server.answer("backend.cluster.example", FIRST);
        assertThat(find(names(), "backend").addresses()).containsExactly(FIRST);
        assertThat(server.asked).contains("backend.other.example");
    }

    @Test
    void theHostsFileIsReadEachTimeAndWinsOverTheNameServer() throws Exception {
        server.answer("backend.example", FIRST);
        NameLookup names = names();
        Files.writeString(
                folder.resolve("hosts"), "192.0.2.2 other Backend.example # ours\n2001:db8::1 backend.example\n");
        assertThat(find(names, "backend.example").addresses()).containsExactly(SECOND, SIX);
        assertThat(server.asked).isEmpty();
        Files.delete(folder.resolve("hosts"));
        assertThat(find(names, "backend.example").addresses()).containsExactly(FIRST);
    }

    @Test
    void localhostIsThisMachineInBothFamilies() throws Exception {
        server.answer("localhost", FIRST);
        assertThat(find(names(), "localhost").addresses()).containsExactly(address("127.0.0.1"), address("::1"));
        Files.delete(folder.resolve("hosts"));
        assertThat(find(names(), "LOCALHOST").addresses()).containsExactly(address("127.0.0.1"), address("::1"));
        assertThat(server.asked).isEmpty();
    }

    @Test
    void whatTheNameServersDoNotKnowIsAskedOfTheJdk() throws Exception {
        jdk = host -> NameLookup.Found.addresses(List.of(SECOND));
        assertThat(find(names(), "printer.local").addresses()).containsExactly(SECOND);
    }

    @Test
    void withoutNameServersTheJdkIsAsked() throws Exception {
        servers.clear();
        assertThat(find(names(), "backend.example")).isEqualTo(new NameLookup.Found(List.of(), "unknown host"));
        assertThat(askedOfTheJdk).containsExactly("backend.example");
    }

    @Test
    void whereALookUpBreaksWhoAskedIsToldAndMayAskAgain() throws Exception {
        names();
        List<ResolvConf> files = new ArrayList<>();
        NameLookup names = new SystemNames(
                group.next(),
                NioDatagramChannel.class,
                NioSocketChannel.class,
                folder.resolve("hosts"),
                () -> files.get(0),
                host -> jdk.apply(host));
        NameLookup.Found none = find(names, "backend.example");
        assertThat(none.addresses()).isEmpty();
        assertThat(none.failure()).startsWith("the look-up of the name failed: ");
        files.add(new ResolvConf(List.of(), List.of(), 1));
        jdk = host -> NameLookup.Found.addresses(List.of(FIRST));
        assertThat(find(names, "backend.example").addresses()).containsExactly(FIRST);
    }

    @Test
    void whatCantBeANameIsUnknown() throws Exception {
        NameLookup names = names();
        for (String name : List.of("a".repeat(70) + ".example", "a..example", "-", "x.".repeat(130) + "example")) {
            assertThat(find(names, name).addresses()).as(name).isEmpty();
        }
    }

    @Test
    void anAddressIsItsOwnAnswer() throws Exception {
        NameLookup names = names();
        assertThat(find(names, "192.0.2.1").addresses()).containsExactly(FIRST);
        assertThat(find(names, "2001:db8::1").addresses()).containsExactly(SIX);
        assertThat(find(names, "fe80::1%no-such-interface").failure()).isNotEmpty();
        assertThat(server.asked).isEmpty();
        assertThat(askedOfTheJdk).isEmpty();
    }

    @Test
    void aLoopIsNotHeldByALookUpThatHangsAndTheirNumberIsBounded() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        servers.clear();
        jdk = host -> {
            try {
                hangs.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return NameLookup.Found.addresses(List.of(FIRST));
        };
        NameLookup names = names();
        for (int i = 0; i < 4; i++) {
            group.next().submit(() -> names.find("slow.example", answer -> {})).sync();
        }
        assertThat(find(names, "slow.example").failure()).contains("earlier look-ups");
        hangs.countDown();
    }

    @Test
    void aFileOfNameServersIsReadAsTheCLibraryReadsIt() {
        ResolvConf conf = ResolvConf.parse(List.of(
                "# nameserver 192.0.2.9",
                "; nameserver 192.0.2.9",
                "domain old.example",
                "  search a.example. b.example",
                "nameserver\t192.0.2.1",
                "nameserver dns.example",
                "nameserver 2001:db8::1",
                "nameserver",
                "nameserver 192.0.2.2",
                "nameserver 192.0.2.3",
                "options rotate ndots:5 timeout:1",
                "options ndots:x",
                ""));
        assertThat(conf)
                .isEqualTo(new ResolvConf(
                        List.of(
                                new InetSocketAddress(FIRST, 53),
                                new InetSocketAddress(SIX, 53),
                                new InetSocketAddress(SECOND, 53)),
                        List.of("a.example", "b.example"),
                        5));
        assertThat(ResolvConf.parse(List.of())).isEqualTo(new ResolvConf(List.of(), List.of(), 1));
    }
}
