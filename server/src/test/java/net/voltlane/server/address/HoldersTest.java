package net.voltlane.server.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.voltlane.server.address.Holders.Place;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.Test;

final class HoldersTest {
    private final Holders<String> holders = new Holders<>();
    private long time;

    private static Cidr address(String text) {
        Cidr address = Cidr.parse(text);
        assertThat(address).isNotNull();
        return address;
    }

    private Place<String> add(String from, String item) {
        return holders.add(address(from), item, false, time++);
    }

    private Place<String> addEarly(String from, String item) {
        return holders.add(address(from), item, true, time++);
    }

    private void isFirst(String item) {
        Place<String> first = holders.toGiveWay();
        assertThat(first).isNotNull();
        assertThat(first.item()).isEqualTo(item);
    }

    /** Removes all items, in the order in which they give way. */
    private List<String> all() {
        List<String> items = new ArrayList<>();
        for (Place<String> first = holders.toGiveWay(); first != null; first = holders.toGiveWay()) {
            items.add(first.item());
            holders.remove(first);
        }
        assertThat(holders.size()).isZero();
        return items;
    }

    @Test
    void whereNothingIsNobodyGivesWay() {
        assertThat(holders.toGiveWay()).isNull();
        holders.remove(add("192.0.2.1", "a"));
        assertThat(holders.toGiveWay()).isNull();
        assertThat(holders.size()).isZero();
    }

    @Test
    void whoHoldsMostGivesWayUntilHeHoldsNoMoreThanOthers() {
        add("192.0.2.1", "alone");
        add("192.0.2.2", "one of two");
        add("192.0.2.3", "first");
        add("192.0.2.3", "second");
        add("192.0.2.2", "two of two");
        add("192.0.2.3", "third");
        assertThat(all()).containsExactly("first", "one of two", "second", "alone", "two of two", "third");
    }

    @Test
    void earlyOnesOfAHolderGoBeforeItsOthersAndNotBeforeThoseOfWhoHoldsMore() {
        addEarly("192.0.2.1", "early, alone");
        add("192.0.2.2", "old");
        addEarly("192.0.2.2", "early");
        assertThat(all()).containsExactly("early", "early, alone", "old");
    }

    @Test
    void whatComesOutOfOrderIsPutWhereItBelongs() {
        holders.add(address("192.0.2.1"), "b", false, 2);
        holders.add(address("192.0.2.1"), "d", false, 4);
        holders.add(address("192.0.2.1"), "a", false, 1);
        holders.add(address("192.0.2.1"), "c", false, 3);
        assertThat(all()).containsExactly("a", "b", "c", "d");
    }

    @Test
    void anItemMayMoveWithinItsHolder() {
        Place<String> a = add("192.0.2.1", "a");
        Place<String> b = add("192.0.2.1", "b");
        holders.move(a, false, time++);
        isFirst("b");
        holders.move(a, true, time++);
        isFirst("a");
        holders.remove(a);
        holders.remove(a);
        holders.move(a, true, 0);
        isFirst("b");
        assertThat(holders.size()).isOne();
        holders.remove(b);
        assertThat(holders.toGiveWay()).isNull();
    }

    @Test
    void manyNetworksOfOneIpv6NetworkAreNotManyHonestHolders() {
        add("192.0.2.1", "honest");
        add("2001:db8:ffff::1", "honest too");
        for (int i = 0; i < 40; i++) {
            add("2001:db8:0:" + Integer.toHexString(i << 8) + "::1", "attacker " + i);
        }
        isFirst("attacker 0");
        assertThat(holders.toGiveWay().holder()).hasToString("2001:db8::/48, which holds 40");
        List<String> order = all();
        assertThat(order.subList(0, 24)).allMatch(item -> item.startsWith("attacker"));
    }

    @Test
    void aCarriersNetworkIsNotThrownOutForItsSizeAlone() {
        for (int i = 0; i < 60; i++) {
            add("2001:db8:0:" + Integer.toHexString(i << 8) + "::1", "phone " + i);
        }
        for (int i = 0; i < 4; i++) {
            add("192.0.2.1", "four of one");
        }
        isFirst("four of one");
    }

    @Test
    void withinANetworkItsBusiestPartGivesWay() {
        add("2001:db8:0:1::1", "phone");
        add("2001:db8:0:2::1", "attacker 1");
        add("2001:db8:0:2::2", "attacker 2");
        add("2001:db8:0:2:ffff::1", "attacker 3");
        assertThat(all()).startsWith("attacker 1", "attacker 2").endsWith("attacker 3");
    }

    @Test
    void anIpv6HolderIsItsWhole64AndAMappedIpv4AddressIsOne() {
        add("2001:db8::1", "a");
        add("2001:db8::2", "b");
        assertThat(holders.toGiveWay().holder()).isEqualTo(new Holders.Holder(address("2001:db8::/64"), 2));
        add("::ffff:192.0.2.1", "c");
        add("192.0.2.1", "d");
        add("192.0.2.1", "e");
        assertThat(holders.toGiveWay().holder()).hasToString("192.0.2.1, which holds 3");
    }

    @Test
    void weightsCountInsteadOfItems() {
        holders.add(address("192.0.2.1"), "heavy", false, 0, 100);
        holders.add(address("192.0.2.2"), "light", false, 1, 30);
        holders.add(address("192.0.2.2"), "light too", false, 2, 30);
        assertThat(all()).containsExactly("heavy", "light", "light too");
    }

    @Test
    void overItsLimitAnAddressGivesWayItself() {
        add("192.0.2.1", "a");
        Place<String> b = add("192.0.2.1", "b");
        Place<String> other = add("192.0.2.2", "other");
        assertThat(holders.overLimit(b, 2)).isNull();
        assertThat(holders.overLimit(b, 0)).as("no limit").isNull();
        assertThat(holders.overLimit(b, 1).item()).isEqualTo("a");
        assertThat(holders.overLimit(other, 1)).isNull();
    }

    @Test
    void largerIpv6NetworksHaveLargerLimits() {
        Place<String> last = null;
        for (int i = 0; i < 4; i++) {
            last = add("2001:db8:0:" + i + "::1", "same /56, " + i);
            assertThat(holders.overLimit(last, 1)).isNull();
        }
        last = add("2001:db8:0:4::1", "same /56");
        assertThat(holders.overLimit(last, 1).item()).isEqualTo("same /56, 0");
        holders.remove(last);
        for (int i = 0; i < 12; i++) {
            last = add("2001:db8:0:" + Integer.toHexString(i + 1 << 8) + "::1", "same /48");
            assertThat(holders.overLimit(last, 1)).isNull();
        }
        last = add("2001:db8:0:ff00::1", "same /48");
        assertThat(holders.overLimit(last, 1)).isNotNull();
    }

    /** A model that finds the item to give way by brute force. */
    private static final class Model {
        record Item(Cidr from, boolean early, long order) {}

        final List<Item> items = new ArrayList<>();

        long burden(Cidr from) {
            long most = 0;
            for (int step = 0; step < PrefixLevels.counted(from); step++) {
                Cidr network = PrefixLevels.network(from, step);
                long held = items.stream()
                        .filter(item -> network.contains(item.from()))
                        .count();
                most = Math.max(most, held * 16 / PrefixLevels.factor(step));
            }
            return most;
        }
    }

    @Test
    void whoeverGivesWayIsOfWhoHoldsMostAndTheFirstOfHisOwn() {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            Holders<Model.Item> all = new Holders<>();
            Model model = new Model();
            Map<Model.Item, Place<Model.Item>> places = new HashMap<>();
            for (int i = 0; i < 1_500; i++) {
                int growing = i / 300 % 2 == 0 ? 3 : 1;
                if (model.items.isEmpty() || random.nextInt(4) < growing) {
                    String from = random.nextBoolean()
                            ? "192.0.2." + random.nextInt(6)
                            : "2001:db8:" + random.nextInt(2) + ":"
                                    + Integer.toHexString(random.nextInt(3) << 8 | random.nextInt(3)) + "::"
                                    + random.nextInt(3);
                    Model.Item item = new Model.Item(address(from), random.nextBoolean(), i - random.nextInt(5) * 2L);
                    if (places.containsKey(item)) {
                        continue;
                    }
                    places.put(item, all.add(item.from(), item, item.early(), item.order()));
                    model.items.add(item);
                } else {
                    Model.Item item = model.items.remove(random.nextInt(model.items.size()));
                    all.remove(places.remove(item));
                }
                assertThat(all.size()).isEqualTo(model.items.size());
                Place<Model.Item> first = all.toGiveWay();
                if (model.items.isEmpty()) {
                    assertThat(first).isNull();
                    continue;
                }
                Model.Item given = first.item();
                long most = model.items.stream()
                        .mapToLong(item -> model.burden(item.from()))
                        .max()
                        .orElseThrow();
                assertThat(model.burden(given.from())).isEqualTo(most);
                Cidr holder = PrefixLevels.network(given.from(), 0);
                Model.Item firstOfHolder = model.items.stream()
                        .filter(item -> holder.contains(item.from()))
                        .min(Comparator.comparing((Model.Item item) -> !item.early())
                                .thenComparing(Model.Item::order))
                        .orElseThrow();
                assertThat(given.early()).isEqualTo(firstOfHolder.early());
                assertThat(given.order()).isEqualTo(firstOfHolder.order());
            }
        });
    }
}
