package net.voltlane.store.file;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.server.store.StoreException;
import net.voltlane.server.store.StoredRecord;

/** Another process that uses the store's file. */
final class Child {
    private Child() {}

    /** {@code open}: says what it found in the file. {@code write}: puts and forgets records, and says so, for ever. */
    public static void main(String[] args) throws Exception {
        Path path = Path.of(args[1]);
        try (TestStore test = TestStore.open(path)) {
            if (args[0].equals("open")) {
                System.out.println("opened " + test.store.facts().records());
            } else {
                write(test, Long.parseLong(args[2]));
            }
        } catch (StoreException e) {
            System.out.println(e.getMessage());
        }
    }

    private static void write(TestStore test, long first) throws Exception {
        for (long id = first; ; id++) {
            List<StoredRecord> batch = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                batch.add(TestStore.record(10 * id + i, 1, TestStore.OWNER, 300));
            }
            test.put(batch.toArray(new StoredRecord[0]));
            System.out.println("put " + id);
            if (id % 2 == 0) {
                test.forget(10 * id, 10 * id + 1);
                System.out.println("forgot " + id);
            }
        }
    }

    static Process start(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** All that it prints until it ends. */
    static String run(String what, Path path) throws IOException {
        try (BufferedReader out = start(what, path.toString()).inputReader(StandardCharsets.UTF_8)) {
            return String.join("\n", out.lines().toList());
        }
    }
}
