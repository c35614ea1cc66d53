package net.voltlane.server.config;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the word that was meant by a misspelt one. */
final class Nearest {

    private Nearest() {}

    /** The most similar of the words, or null if none is similar enough to be worth a suggestion. */
    static @Nullable String to(String written, Collection<String> words) {
        String nearest = null;
        int fewestEdits = 1 + Math.max(2, written.length() / 3);
        for (String word : words) {
            int edits = edits(normal(written), normal(word));
            if (edits < fewestEdits) {
                fewestEdits = edits;
                nearest = word;
            }
        }
        return nearest;
    }

    private static String normal(String word) {
        return word.toLowerCase(Locale.ROOT).replace('-', '_');
    }

    /**
     * The number of single letters to insert, drop, replace, or swap with their neighbour to turn {@code a} into
     * {@code b}. Row i of the table holds it for the first i letters of {@code a}.
     */
    private static int edits(String a, String b) {
        int[] beforePrevious = new int[b.length() + 1];
        int[] previous = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] free = beforePrevious;
            beforePrevious = previous;
            previous = row;
            row = free;
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(previous[j], row[j - 1]));
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    row[j] = Math.min(row[j], beforePrevious[j - 2] + 1);
                }
            }
        }
        return row[b.length()];
    }
}
