package net.voltlane.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandFileTest {
    @TempDir
    private Path directory;

    @Test
    void itIsAProgramWithItsTextsAtTheEnd() {
        byte[] program = CommandFile.program("/j", "@a");

        assertThat(program)
                .hasSize(324 + 3 + 3)
                .startsWith(0x7f, 'E', 'L', 'F', 2, 1, 1)
                .endsWith('/', 'j', 0, '@', 'a', 0);
    }

    @Test
    void itBecomesTheOtherProgramWithItsArgumentsBehind() throws Exception {
        assertThat(run("/bin/echo", "first", "second", "third one")).isEqualTo("first second third one\n");
        assertThat(run("/bin/echo", "first")).isEqualTo("first\n");
    }

    @Test
    void theEnvironmentStays() throws Exception {
        assertThat(run("/usr/bin/env", "--", "printenv", "VOLTLANE_TEST")).isEqualTo("there\n");
    }

    @Test
    void flagsForTheLauncherBecomeFlagsForJava() throws Exception {
        assertThat(run("/usr/bin/env", "--", "printenv", "JDK_JAVA_OPTIONS")).isEqualTo("-Xmx8m -Dx=y\n");
        assertThat(run("/usr/bin/env", "--", "printenv", "VOLTLANE_JAVA_OPTSX", "AVOLTLANE_JAVA_OPTS"))
                .isEqualTo("1\n2\n");
        assertThat(run("/usr/bin/env", "--", "env")).doesNotContain("VOLTLANE_JAVA_OPTS=-");
    }

    @Test
    void aProgramThatIsNotThereIsStatus127() throws Exception {
        assertThat(start(directory.resolve("missing").toString(), "-").waitFor())
                .isEqualTo(127);
    }

    private String run(String program, String argument, String... more) throws Exception {
        Process process = start(program, argument, more);
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return output;
    }

    private Process start(String program, String argument, String... more) throws Exception {
        Assumptions.assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "left out: it is a program for Linux on x86_64");
        Path file = directory.resolve("command");
        CommandFile.main(new String[] {file.toString(), program, argument});
        String[] command = new String[1 + more.length];
        command[0] = file.toString();
        System.arraycopy(more, 0, command, 1, more.length);
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.put("VOLTLANE_TEST", "there");
        environment.put("VOLTLANE_JAVA_OPTS", "-Xmx8m -Dx=y");
        environment.put("VOLTLANE_JAVA_OPTSX", "1");
        environment.put("AVOLTLANE_JAVA_OPTS", "2");
        return builder.start();
    }

    @Test
    void itCanBeExecutedByAll() throws Exception {
        Path file = directory.resolve("command");
        CommandFile.main(new String[] {file.toString(), "/j", "@a"});
        assertThat(Files.getPosixFilePermissions(file).toString()).contains("OTHERS_EXECUTE");
    }
}
