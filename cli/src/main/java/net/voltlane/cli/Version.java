package net.voltlane.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. The build writes the project's version into a resource. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            if (in == null) {
                throw new AssertionError("the jar lacks its version");
            }
            properties.load(in);
        }
        return new String[] {"voltlane " + properties.getProperty("version") + " (Java " + Runtime.version() + ")"};
    }
}
