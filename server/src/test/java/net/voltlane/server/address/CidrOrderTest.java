package net.voltlane.server.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Networks as keys, and in order. */
final class CidrOrderTest {
    private static final List<String> SORTED = List.of(
            "::/0",
            "::1",
            "2001:db8::/32",
            "2001:db8::",
            "2001:db8::1",
            "2001:db8:0:0:8000::",
            "ff00::/8",
            "0.0.0.0/0",
            "10.0.0.0/8",
            "10.0.0.0/9",
            "10.0.0.0",
            "10.0.0.1",
            "192.0.2.1");

    private static List<Cidr> parsed() {
        return SORTED.stream()
                .map(text -> Objects.requireNonNull(Cidr.parse(text)))
                .toList();
    }

    @Test
    void aNetworkComesBeforeAllThatItContains() {
        List<Cidr> networks = new ArrayList<>(parsed());
        Collections.shuffle(networks, new Random(1));
        Collections.sort(networks);
        assertThat(networks).map(Cidr::toString).containsExactlyElementsOf(SORTED);
    }

    @Test
    void onlyTheSameNetworkIsEqual() {
        List<Cidr> networks = parsed();
        List<Cidr> again = parsed();
        for (int i = 0; i < networks.size(); i++) {
            for (int j = 0; j < again.size(); j++) {
                assertThat(networks.get(i).equals(again.get(j))).isEqualTo(i == j);
                assertThat(Integer.signum(networks.get(i).compareTo(again.get(j))))
                        .isEqualTo(Integer.signum(Integer.compare(i, j)));
            }
            assertThat(networks.get(i)).hasSameHashCodeAs(again.get(i)).isNotEqualTo("text");
        }
        assertThat(networks).map(Cidr::hashCode).doesNotHaveDuplicates();
    }
}
