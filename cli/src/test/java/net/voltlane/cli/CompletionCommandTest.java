package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Completion, asked of the shells themselves where they are installed. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class CompletionCommandTest {
    private static final String BASH = "bash";
    private static final String ZSH = "zsh";
    private static final String FISH = "fish";

    @TempDir
    Path directory;

    @Test
    void theScriptsAreInOrderForTheShellsThatAreHere() throws Exception {
        assertThat(shell(BASH, "-n", script(BASH).toString())).isEmpty();
        if (isInstalled(ZSH)) {
            assertThat(shell(ZSH, "-n", script(ZSH).toString())).isEmpty();
        }
        if (isInstalled(FISH)) {
            assertThat(shell(FISH, "-n", script(FISH).toString())).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "voltlane ''|serve echo connect demo bench ctl healthcheck key completion help version",
                "voltlane he|help healthcheck",
                "voltlane ctl se|sessions session",
                "voltlane ctl --address h:1 se|sessions session",
                "voltlane ctl sessions --s|--state --slow --sort",
                "voltlane ctl sessions --sort ''|opened newest waiting traffic",
                "voltlane ctl log-level D|Debug",
                "voltlane completion ''|bash zsh fish",
                "voltlane key ''|show",
                "voltlane healthcheck --r|--ready",
            })
    void bashCompletes(String words, String candidates) throws Exception {
        String complete =
                "source " + script(BASH) + "; COMP_WORDS=(" + words + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1));"
                        + " COMP_LINE=\"${COMP_WORDS[*]}\"; COMP_POINT=${#COMP_LINE}; f=$(complete -p voltlane | sed 's/.*-F \\([^ ]*\\) .*/\\1/');"
                        + " $f voltlane \"${COMP_WORDS[-1]}\" \"${COMP_WORDS[-2]}\" 2>/dev/null; printf '%s\\n' \"${COMPREPLY[@]}\"";

        List<String> replies =
                shell(BASH, "-c", complete).lines().map(String::strip).toList();

        assertThat(replies).contains(candidates.split(" "));
        String typed = words.substring(words.lastIndexOf(' ') + 1).replace("''", "");
        assertThat(replies).allMatch(reply -> reply.startsWith(typed));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "voltlane he|healthcheck help",
                "voltlane ctl se|session sessions",
                "voltlane ctl --address h:1 se|session sessions",
                "voltlane ctl sessions --s|--slow --sort --state",
                "voltlane ctl sessions --sort |newest opened traffic waiting",
                "voltlane ctl log-level D|Debug",
                "voltlane completion |bash fish zsh",
            })
    void fishCompletes(String words, String candidates) throws Exception {
        assumeTrue(isInstalled(FISH), "fish is not installed");
        String complete = "source " + script(FISH) + "; complete -C '" + words
                + (words.matches(".*(--sort|completion)") ? " " : "") + "'";

        assertThat(shell(FISH, "--no-config", "-c", complete).lines().map(line -> line.split("\t")[0]))
                .containsExactlyInAnyOrder(candidates.split(" "));
    }

    @Test
    void zshTakesTheScript() throws Exception {
        assumeTrue(isInstalled(ZSH), "zsh is not installed");

        assertThat(shell(ZSH, "-f", "-c", "source " + script(ZSH) + "; print ${_comps[voltlane]}"))
                .contains("_bash_complete");
    }

    /** As archives and packages install it: the first completion loads the script, and completes already. */
    @Test
    void zshLoadsTheScriptFromAFolder() throws Exception {
        assumeTrue(isInstalled(ZSH), "zsh is not installed");
        Path functions = Files.createDirectories(directory.resolve("functions"));
        Files.move(script(ZSH), functions.resolve("_voltlane"));
        String typed = """
                zmodload zsh/zpty
                zpty shell zsh -f -i
                zpty -w shell 'PS1=; fpath=(functions $fpath); autoload -Uz compinit; compinit -u -D; echo "$_comps[voltlane]" is ready'
                zpty -r -m shell answer '*_voltlane is ready*'
                zpty -w -n shell $'voltlane healthc\\t'
                zpty -r -m shell answer '*voltlane healthcheck*'
                print -r -- $answer
                zpty -d shell
                """;

        assertThat(shell(ZSH, "-f", "-c", typed)).contains("voltlane healthcheck");
    }

    @Test
    void everyCommandAndOptionIsInTheScriptForFish() throws IOException {
        String script = Files.readString(script(FISH));

        assertThat(script)
                .contains(
                        "complete -c voltlane -n '__voltlane_at ctl' -a status -d 'Show the state of the server, its master, and what it holds'\n")
                .contains("complete -c voltlane -n '__voltlane_in ctl sessions' -l state -x -a 'live leaving stale'")
                .contains("complete -c voltlane -n '__voltlane_in serve' -s c -l config -r -F -d 'Configuration file")
                .contains(
                        "complete -c voltlane -n '__voltlane_at ctl log-level' -a 'Off Error Warn Info Debug Trace'\n")
                .doesNotContain("${");
    }

    private Path script(String shell) throws IOException {
        StringWriter out = new StringWriter();
        int status = Commands.commandLine(Commands.all("completion"), "completion")
                .setOut(new PrintWriter(out, true))
                .execute("completion", shell);
        assertThat(status).isZero();
        return Files.writeString(directory.resolve(shell), out.toString());
    }

    private static boolean isInstalled(String shell) throws Exception {
        return new ProcessBuilder("sh", "-c", "command -v " + shell).start().waitFor() == 0;
    }

    /** Runs a shell; what it prints, errors included. */
    private String shell(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(printed).isZero();
        return printed;
    }
}
