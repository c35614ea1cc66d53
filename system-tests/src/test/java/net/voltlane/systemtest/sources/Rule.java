package net.voltlane.systemtest.sources;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** A rule of the ratchet: a number that is measured in each source tree and may only go down. */
enum Rule {
    /** Lines of the longest file. */
    FILE_LINES(400, 600, false, Measures::files),
    /** Lines of the longest body of a method or constructor, its braces included. */
    METHOD_LINES(40, 50, false, Measures::methods),
    /** Parameters of the method or constructor that takes most. */
    PARAMETERS(7, 7, false, Measures::parameters),
    /**
     * Fields that are neither private nor final, other than those of a class that only its own file sees. Tests may have
     * them.
     */
    MUTABLE_FIELDS(0, Rule.UNBOUNDED, true, Measures::mutableFields),
    /** Packages that import each other, directly or by way of others. */
    CIRCLES(0, 0, true, Measures::circles),
    /** Javadocs that open with a question word or a pronoun where a noun or a verb should stand. */
    JAVADOC(0, 0, true, Measures::javadocOpenings);

    private static final int UNBOUNDED = Integer.MAX_VALUE;

    /** The aim for a module's main part. */
    final int aimOfMain;
    /** The aim for a module's tests. */
    final int aimOfTests;

    /** True where the number of places is bounded, and not the size of each. */
    private final boolean counts;

    private final Function<SourceTree, List<Finding>> measure;

    Rule(int aimOfMain, int aimOfTests, boolean counts, Function<SourceTree, List<Finding>> measure) {
        this.aimOfMain = aimOfMain;
        this.aimOfTests = aimOfTests;
        this.counts = counts;
        this.measure = measure;
    }

    /** The name of the column in the table. */
    String column() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    int aim(SourceTree tree) {
        return tree.isMain() ? aimOfMain : aimOfTests;
    }

    /** The places that count, the largest first. */
    List<Finding> findings(SourceTree tree) {
        return measure.apply(tree);
    }

    /** The number that the bound is for: the size of the largest place, or how many places there are. */
    int value(List<Finding> findings) {
        if (counts) {
            return findings.size();
        }
        return findings.isEmpty() ? 0 : findings.get(0).size();
    }

    /** The places to look at where a bound is exceeded. */
    List<Finding> above(int bound, List<Finding> findings) {
        return counts
                ? findings
                : findings.stream().filter(finding -> finding.size() > bound).toList();
    }
}
