package net.voltlane.site;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The anchors of the headings of one page, as hosts of repositories make them: a second one of a name gets {@code -1}. */
final class Anchors {
    private final Map<String, Integer> taken = new HashMap<>();

    /** Returns the anchor of the page's next heading. */
    String next(String heading) {
        String plain = heading.strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
        int before = taken.merge(plain, 1, Integer::sum) - 1;
        return before == 0 ? plain : plain + "-" + before;
    }
}
