package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class AddressRankingTest {
    private final AddressRanking ranking = new AddressRanking();

    private static InetAddress at(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static List<InetAddress> all(String... addresses) {
        return Stream.of(addresses).map(AddressRankingTest::at).toList();
    }

    @Test
    void familiesTakeTurns() {
        assertThat(ranking.inOrder(all("10.0.0.1", "10.0.0.2", "10.0.0.3", "fd00::1", "fd00::2")))
                .isEqualTo(all("10.0.0.1", "fd00::1", "10.0.0.2", "fd00::2", "10.0.0.3"));
        assertThat(ranking.inOrder(all("fd00::1", "10.0.0.1"))).isEqualTo(all("fd00::1", "10.0.0.1"));
    }

    @Test
    void theOneThatServedComesFirstAndTheOneThatFailedLast() {
        ranking.served(at("10.0.0.2"));
        ranking.failed(at("10.0.0.1"));
        assertThat(ranking.inOrder(all("10.0.0.1", "10.0.0.2", "fd00::1")))
                .isEqualTo(all("10.0.0.2", "fd00::1", "10.0.0.1"));
        ranking.failed(at("10.0.0.2"));
        assertThat(ranking.inOrder(all("10.0.0.1", "10.0.0.2"))).isEqualTo(all("10.0.0.1", "10.0.0.2"));
        ranking.served(at("10.0.0.2"));
        assertThat(ranking.inOrder(all("10.0.0.1", "10.0.0.2"))).isEqualTo(all("10.0.0.2", "10.0.0.1"));
    }

    @Test
    void anAddressThatTheNameNoLongerHasIsNotDialled() {
        ranking.served(at("10.0.0.9"));
        ranking.failed(at("10.0.0.8"));
        assertThat(ranking.inOrder(all("10.0.0.1"))).isEqualTo(all("10.0.0.1"));
    }

    @Test
    void anAddressIsDialledOnceAndNotMoreThanSoManyAre() {
        List<InetAddress> many = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            many.add(at("10.0." + i / 200 + "." + i % 200));
        }
        assertThat(ranking.inOrder(many)).hasSize(AddressRanking.MAX);
        assertThat(ranking.inOrder(all("10.0.0.1", "10.0.0.1"))).hasSize(1);
    }
}
