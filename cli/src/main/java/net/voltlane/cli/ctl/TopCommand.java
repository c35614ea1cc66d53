package net.voltlane.cli.ctl;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import net.voltlane.cli.ctl.client.ApiClient;
import net.voltlane.cli.ctl.client.ApiException;
import net.voltlane.cli.ctl.text.Visible;
import net.voltlane.cli.ctl.top.Poller;
import net.voltlane.cli.ctl.top.Top;
import net.voltlane.cli.usage.Options;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code voltlane ctl top}: a live view of the server. */
@Command(
        name = "top",
        description =
                "Watch the server live: state, traffic, the slowest and the noisiest sessions. Keys: q quits, s sorts"
                        + " otherwise, p pauses, arrows scroll. Where the output is no terminal, a picture is printed each"
                        + " second.")
final class TopCommand implements Callable<Integer> {
    /** Set by the launcher, which can ask the shell. */
    private static final String TERMINAL = "voltlane.terminal";

    private static final int TIMEOUT_MILLIS = 3000;

    @Option(
            names = {"-n", "--pictures"},
            paramLabel = "N",
            defaultValue = "0",
            description = "Print this many pictures, and end. 0 (default): until you quit.")
    private int pictures;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CtlCommand ctl;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (pictures < 0) {
            throw Options.invalid(spec, "--pictures", pictures + " (expected: a whole number from 0)");
        }
        PrintWriter out = spec.commandLine().getOut();
        try {
            ApiClient api = ctl.client(TIMEOUT_MILLIS);
            Poller poller = new Poller(api, System::nanoTime);
            if (ctl.isJson()) {
                out.println(Visible.json(poller.document().toString()));
                out.flush();
            } else {
                new Top(poller, api.target().address().toString(), out, looks(System.getenv())).run(pictures);
            }
            return ExitStatus.FINE;
        } catch (ApiException e) {
            e.lines().forEach(spec.commandLine().getErr()::println);
            return ExitStatus.of(e);
        }
    }

    private static Top.Looks looks(Map<String, String> environment) {
        String term = environment.getOrDefault("TERM", "dumb");
        boolean isTerminal = Boolean.getBoolean(TERMINAL) && !term.equals("dumb");
        boolean isStyled = environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Top.Looks(isTerminal, isStyled, !Charset.defaultCharset().equals(StandardCharsets.UTF_8));
    }
}
