package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.voltlane.bench.ProjectVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The manual pages, read by groff where it is installed. */
@Timeout(60)
class ManualPagesTest {
    private final Map<String, String> pages = ManualPages.pages();

    @Test
    void thereIsOneForEachCommand() {
        assertThat(pages)
                .containsKeys(
                        "voltlane.1",
                        "voltlane-serve.1",
                        "voltlane-key-show.1",
                        "voltlane-ctl.1",
                        "voltlane-ctl-sessions.1",
                        "voltlane-completion.1");
        check(Commands.commandLine(Commands.all()));
    }

    /** Every option has its entry, and every command stands on the page of the command above. */
    private void check(CommandLine commandLine) {
        String name = commandLine.getCommandSpec().qualifiedName("-");
        String page = pages.get(name + ".1");
        assertThat(page).as(name).isNotNull();
        for (OptionSpec option : commandLine.getCommandSpec().options()) {
            for (String spelling : option.names()) {
                assertThat(page).as(name).contains("\\fB" + spelling.replace("-", "\\-") + "\\fR");
            }
        }
        commandLine.getSubcommands().forEach((word, sub) -> {
            assertThat(page).contains("\\fB" + (name + "-" + word).replace("-", "\\-") + "\\fR(1)");
            check(sub);
        });
    }

    @Test
    void aPageSaysWhatHelpSays() {
        assertThat(pages.get("voltlane-serve.1"))
                .startsWith("""
                        .TH "VOLTLANE\\-SERVE" 1 "" "Voltlane %s" ""
                        .SH NAME
                        voltlane\\-serve \\- run the connection server
                        .SH SYNOPSIS
                        \\fBvoltlane serve\\fR [\\-htV]""".formatted(ProjectVersion.number()))
                .contains("""
                        .TP
                        \\fB\\-c\\fR, \\fB\\-\\-config\\fR=\\fIFILE\\fR
                        Configuration file""")
                .contains(".SH EXIT STATUS\n.PP\n0 fine, 1 failed")
                .endsWith(".SH SEE ALSO\n\\fBvoltlane\\fR(1)\n");
    }

    @Test
    void listsInDescriptionsAreLists() {
        assertThat(pages.get("voltlane-bench.1"))
                .contains(".TP\n\\fBidle\\fR\nclients that hold still")
                .doesNotContain("\n\n");
        assertThat(pages.get("voltlane-connect.1"))
                .contains("Where the server listens:\n.br\nHOST:PORT\n.br\ntls://HOST:PORT\n");
    }

    @Test
    void nothingOfPicoclisIsLeft() {
        pages.forEach((name, page) -> {
            for (String mark : List.of("${", "@|", "%n")) {
                assertThat(page.contains(mark)).as("%s holds %s", name, mark).isFalse();
            }
        });
    }

    @Test
    void groffHasNothingToSay(@TempDir Path folder) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/groff")), "groff is not installed");
        for (Map.Entry<String, String> page : pages.entrySet()) {
            Path file = Files.writeString(folder.resolve(page.getKey()), page.getValue());
            Process groff = new ProcessBuilder(
                            "/usr/bin/groff", "-man", "-ww", "-Tutf8", "-Kutf8", "-z", file.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(groff.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(groff.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(said).as(page.getKey()).isEmpty();
            assertThat(groff.exitValue()).isZero();
        }
    }
}
