package net.voltlane.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A page that shows a file of the project, such as the source of an example. */
final class SourcePage {
    private SourcePage() {}

    static Layout.View view(Path project, String path) throws IOException {
        String name = path.substring(path.lastIndexOf('/') + 1);
        String language = name.substring(name.lastIndexOf('.') + 1);
        String content = "<h1>" + Html.escape(name) + "</h1>\n<p><code>" + Html.escape(path) + "</code>, <a href=\""
                + Html.escape(name) + "\" download=\"" + Html.escape(name) + "\">download it</a></p>\n<pre><code>"
                + Language.named(language).highlight(Files.readString(project.resolve(path))) + "</code></pre>\n";
        return new Layout.View(path + ".html", path, name, "The file " + path + " of Voltlane.", content, List.of());
    }
}
