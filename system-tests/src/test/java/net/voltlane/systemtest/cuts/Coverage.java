package net.voltlane.systemtest.cuts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import net.voltlane.testkit.Direction;
import net.voltlane.testkit.cuts.CutPlace;
import net.voltlane.testkit.cuts.LinkKind;

/** The places at which links were cut, by type of frame. Thread-safe. */
final class Coverage {
    private final LinkKind kind;
    private final TreeMap<String, Set<Long>> cut = new TreeMap<>();
    private final TreeMap<String, Long> longest = new TreeMap<>();
    private long count;

    Coverage(LinkKind kind) {
        this.kind = kind;
    }

    synchronized void add(Collection<CutPlace> places) {
        for (CutPlace place : places) {
            String frame = name(place.direction(), place.type());
            cut.computeIfAbsent(frame, unknown -> new TreeSet<>()).add(place.offset());
            longest.merge(frame, place.frameBytes(), Math::max);
            count++;
        }
    }

    private String name(Direction direction, int type) {
        return kind.name(type) + " " + direction;
    }

    /** Fails unless frames of these types were cut behind each of their bytes. */
    synchronized void isWholeFor(Direction direction, int... types) {
        for (int type : types) {
            String frame = name(direction, type);
            assertThat(cut).containsKey(frame);
            assertThat(cut.get(frame))
                    .as(frame)
                    .containsAll(LongStream.rangeClosed(1, longest.get(frame))
                            .boxed()
                            .collect(Collectors.toSet()));
        }
    }

    /** The number of cuts. */
    synchronized long count() {
        return count;
    }

    /** For each type of frame, how many of its bytes a cut came behind. */
    @Override
    public synchronized String toString() {
        return cut.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue().size() + "/" + longest.get(each.getKey()))
                .collect(Collectors.joining(", "));
    }
}
