package net.voltlane.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The catalogue as the template and the documentation show it. After a change to the catalogue,
 * {@code mvn verify -pl server -am -Dcatalogue.write=true} writes both anew.
 */
final class CatalogueText {

    static final String TABLE_BEGIN = "<!-- made from the catalogue of keys, and checked against it -->\n";
    static final String TABLE_END = "<!-- end of the catalogue -->\n";

    private static final int COMMENT_CHARS = 96;

    private CatalogueText() {}

    static String template() {
        StringBuilder out = new StringBuilder();
        out.append(
                "# Settings of the Voltlane connection server. You may leave out any key: the values below are the defaults.\n");
        out.append("# Environment variables override this file. More: docs/CONFIGURATION.md\n");
        String section = "";
        for (Key<?> key : Catalogue.ALL) {
            if (!key.section().equals(section)) {
                section = key.section();
                out.append("\n[").append(section).append("]\n");
            } else {
                out.append('\n');
            }
            comment(out, key.description());
            comment(out, "Values: " + key.type().expected() + ". Variable: " + key.variable());
            // A table of that name further down would be a second definition.
            out.append(isOfTables(key) ? "# " : "")
                    .append(key.name())
                    .append(" = ")
                    .append(defaultAsToml(key))
                    .append('\n');
        }
        return out.toString();
    }

    static String table() {
        StringBuilder out = new StringBuilder(TABLE_BEGIN);
        out.append(
                "\n| key | default | values | meaning | variable | reload |\n| --- | --- | --- | --- | --- | --- |\n");
        for (Key<?> key : Catalogue.ALL) {
            out.append("| `")
                    .append(key.path())
                    .append("` | `")
                    .append(defaultAsToml(key))
                    .append("` | ")
                    .append(key.type().expected())
                    .append(" | ")
                    .append(key.description())
                    .append(" | `")
                    .append(key.variable())
                    .append("` | ")
                    .append(key.reload().text())
                    .append(" |\n");
        }
        return out.append('\n').append(TABLE_END).toString();
    }

    /** Writes {@code text} where the build was asked to. */
    static void writeIfAsked(Path file, String text) throws IOException {
        if (Boolean.getBoolean("catalogue.write")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
    }

    /** True for a key that has tables of its own in a file. Its line in the template is a comment. */
    static boolean isOfTables(Key<?> key) {
        return key.type() instanceof CertificateList;
    }

    static <T> String defaultAsToml(Key<T> key) {
        return key.type().toToml(key.defaultValue());
    }

    private static void comment(StringBuilder out, String text) {
        StringBuilder line = new StringBuilder("#");
        for (String word : text.split(" ")) {
            if (line.length() + 1 + word.length() > COMMENT_CHARS) {
                out.append(line).append('\n');
                line.setLength(1);
            }
            line.append(' ').append(word);
        }
        out.append(line).append('\n');
    }
}
