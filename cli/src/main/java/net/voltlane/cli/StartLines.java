package net.voltlane.cli;

import net.voltlane.bench.ProjectVersion;
import net.voltlane.server.config.LoadedConfig;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.log.LogField;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The first lines of a server's log: what runs, and where its configuration came from. */
final class StartLines {
    private static final Logger log = LoggerFactory.getLogger(ServeCommand.class);

    private StartLines() {}

    static void tell(LoadedConfig loaded) {
        String java = Runtime.version().toString();
        long process = ProcessHandle.current().pid();
        LogEvent.STARTING
                .on(log)
                .addKeyValue(LogField.VERSION.key(), ProjectVersion.number())
                .addKeyValue(LogField.JAVA.key(), java)
                .addKeyValue(LogField.PROCESS.key(), process)
                .log("Starting Voltlane {} on Java {}, process {}", ProjectVersion.number(), java, process);
        LogEvent.CONFIGURATION
                .on(log)
                .addKeyValue(LogField.SOURCES.key(), loaded.sources())
                .log("Configuration: {}", loaded.sources());
        loaded.warnings().forEach(line -> LogEvent.CONFIGURATION_WARNING.on(log).log(line));
        loaded.notes().forEach(line -> LogEvent.CONFIGURATION.on(log).log(line));
    }
}
