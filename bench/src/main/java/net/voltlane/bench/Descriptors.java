package net.voltlane.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import net.voltlane.bench.model.Plan;
import net.voltlane.bench.model.Via;

/** A check, before a run, that there are as many file descriptors and ports as it will need. */
final class Descriptors {

    /** For jars, event loops, the backend. */
    private static final int SPARE = 64;

    private static final Path PORTS = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final long PORTS_ELSEWHERE = 28_000;

    private Descriptors() {}

    static void check(Plan plan) throws BenchException {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            long open = system.getOpenFileDescriptorCount();
            check(plan.load().clients(), open, system.getMaxFileDescriptorCount());
        }
        if (plan.target().via().kind() != Via.Kind.UNIX) {
            checkPorts(plan.load().clients(), plan.generator().sourceAddresses(), ports());
        }
    }

    static void check(int clients, long open, long max) throws BenchException {
        long needed = open + clients + SPARE;
        if (needed > max) {
            throw new BenchException("clients: " + clients + " (expected: at most " + Math.max(0, max - open - SPARE)
                    + ", since this process may have " + max
                    + " files and sockets open; raise the limit with ulimit -n " + needed
                    + ", for the server as well)");
        }
    }

    static void checkPorts(int clients, int sources, long ports) throws BenchException {
        if (clients > ports * sources) {
            throw new BenchException("clients: " + clients + " (expected: at most " + ports * sources + ", since "
                    + sources + " source address" + (sources == 1 ? " has" : "es have") + " only " + ports
                    + " ports each; use --source-addresses " + (clients + ports - 1) / ports + ")");
        }
    }

    private static long ports() {
        try {
            String[] range = Files.readString(PORTS).strip().split("\\s+");
            return Long.parseLong(range[1]) - Long.parseLong(range[0]) + 1;
        } catch (IOException | RuntimeException e) {
            return PORTS_ELSEWHERE;
        }
    }
}
