package net.voltlane.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import net.voltlane.bench.ProjectVersion;
import net.voltlane.cli.manual.ManualPage;

/** Writes the manual pages of all commands into a folder, for archives and packages. No command of its own. */
final class ManualPages {

    private ManualPages() {}

    /** @param args the folder, which must be there */
    public static void main(String[] args) {
        Path folder = Path.of(args[0]);
        pages().forEach((name, text) -> {
            try {
                Files.writeString(folder.resolve(name), text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Each page by the name of its file. */
    static Map<String, String> pages() {
        return ManualPage.all(Commands.commandLine(Commands.all()), "Voltlane " + ProjectVersion.number());
    }
}
