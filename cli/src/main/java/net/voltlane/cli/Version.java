package net.voltlane.cli;

import net.voltlane.bench.ProjectVersion;
import picocli.CommandLine.IVersionProvider;

/** The text that {@code --version} prints. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"voltlane " + ProjectVersion.number() + " (Java " + Runtime.version() + ")"};
    }
}
