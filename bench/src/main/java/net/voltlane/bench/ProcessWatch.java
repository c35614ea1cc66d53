package net.voltlane.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The resources that a process on this machine uses.
 *
 * @param pid of the process; 0 if there is none to look at
 */
record ProcessWatch(long pid) {

    private static final String RESIDENT = "VmRSS:";
    private static final int BYTES_PER_KIB = 1024;

    /** Its resident memory, where that can be known. */
    OptionalLong residentBytes() {
        if (pid == 0) {
            return OptionalLong.empty();
        }
        try (var lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * BYTES_PER_KIB)
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** The CPU time that it has used so far, where that can be known. */
    OptionalDouble cpuSeconds() {
        return pid == 0
                ? OptionalDouble.empty()
                : ProcessHandle.of(pid)
                        .flatMap(process -> process.info().totalCpuDuration())
                        .map(Duration::toMillis)
                        .map(millis -> OptionalDouble.of(millis / 1000.0))
                        .orElse(OptionalDouble.empty());
    }
}
