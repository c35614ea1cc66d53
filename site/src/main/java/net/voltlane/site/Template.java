package net.voltlane.site;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * HTML with places to fill in, such as <code>{{title}}</code>.
 *
 * @param html the text of the template
 */
record Template(String html) {
    private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

    static Template named(String resource) {
        return new Template(Resources.text(resource));
    }

    /** Fills in the values, which are HTML. Places in values stay as they are. */
    String fill(Map<String, String> values) {
        return PLACE.matcher(html).replaceAll(place -> {
            String value = values.get(place.group(1));
            if (value == null) {
                throw new IllegalStateException("no value for " + place.group());
            }
            return Matcher.quoteReplacement(value);
        });
    }
}
