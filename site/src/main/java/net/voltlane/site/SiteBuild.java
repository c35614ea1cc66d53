package net.voltlane.site;

import java.io.IOException;
import java.nio.file.Path;

/** The program that makes the site: {@code SiteBuild PROJECT OUTPUT}. */
public final class SiteBuild {
    private SiteBuild() {}

    /**
     * Makes the site, and prints where it is.
     *
     * @param args the folder of the project, and the folder to write to, which is emptied first
     * @throws IOException if a file can't be read or written
     * @throws IllegalStateException if the pages have mistakes, which are printed one per line
     */
    public static void main(String[] args) throws IOException {
        Path project = Path.of(args[0]).toAbsolutePath().normalize();
        Path output = Path.of(args[1]).toAbsolutePath().normalize();
        try {
            Site site = Site.read(project, Navigation.ofThisProject());
            new Output(output).replaceBy(site.files());
            System.out.println("site: " + site.pages().size() + " pages in " + output);
        } catch (MistakesException e) {
            e.mistakes().forEach(mistake -> System.err.println("site: " + mistake));
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
