package net.voltlane.systemtest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The memory, descriptors and threads of a JVM process, read from outside: from {@code /proc}, and by {@code jcmd},
 * which makes the JVM collect its garbage first. Where it was started with {@code -XX:NativeMemoryTracking=summary} the
 * memory of buffers is known apart.
 *
 * @param heapBytes what the heap holds that is not garbage
 * @param bufferBytes what was allocated outside of the heap by Java code
 * @param residentBytes all of the process that lies in memory
 */
record Gauge(long heapBytes, long bufferBytes, long residentBytes, int descriptors, int threads) {
    private static final Pattern HISTOGRAM_TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");
    private static final Pattern BUFFERS = Pattern.compile("Other \\(reserved=\\d+KB, committed=(\\d+)KB");
    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB");
    private static final Pattern THREADS = Pattern.compile("(?m)^Threads:\\s+(\\d+)");

    static Gauge of(long pid) {
        long heap = number(HISTOGRAM_TOTAL, jcmd(pid, "GC.class_histogram"));
        long buffers = 1024 * number(BUFFERS, jcmd(pid, "VM.native_memory", "summary"));
        String status = read(Path.of("/proc/" + pid + "/status"));
        return new Gauge(
                heap, buffers, 1024 * number(RESIDENT, status), descriptors(pid), (int) number(THREADS, status));
    }

    static int descriptors(long pid) {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return (int) open.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String jcmd(long pid, String... command) {
        String tool = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            Process process = new ProcessBuilder(Stream.concat(Stream.of(tool, Long.toString(pid)), Stream.of(command))
                            .toList())
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                return out.lines().collect(Collectors.joining("\n"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long number(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        if (!found.find()) {
            throw new AssertionError("no " + pattern + " in " + text);
        }
        return Long.parseLong(found.group(1));
    }

    @Override
    public String toString() {
        return String.format(
                "heap %7.2f MiB, buffers %7.2f MiB, resident %6.1f MiB, descriptors %3d, threads %2d",
                mib(heapBytes), mib(bufferBytes), mib(residentBytes), descriptors, threads);
    }

    private static double mib(long bytes) {
        return bytes / 1048576.0;
    }
}
