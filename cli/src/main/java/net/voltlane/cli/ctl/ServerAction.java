package net.voltlane.cli.ctl;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import net.voltlane.cli.ctl.client.ApiClient;
import net.voltlane.cli.ctl.client.ApiClient.Answer;
import net.voltlane.cli.ctl.client.ApiException;
import net.voltlane.cli.ctl.client.Doc;
import net.voltlane.cli.usage.Options;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A subcommand that asks the server something and shows the answer, as text or as the document itself. */
abstract class ServerAction implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CtlCommand ctl;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /** Asks the server. */
    abstract Answer ask(ApiClient api) throws ApiException;

    /** The answer in lines for people. */
    abstract List<String> words(Doc answer);

    /** The exit status for an answer. */
    int status(Doc answer) {
        return ExitStatus.FINE;
    }

    @Override
    public final Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            Answer answer = ask(ctl.client());
            if (ctl.isJson()) {
                out.println(answer.text());
            } else {
                words(answer.doc()).forEach(out::println);
            }
            out.flush();
            return status(answer.doc());
        } catch (ApiException e) {
            e.lines().forEach(spec.commandLine().getErr()::println);
            return ExitStatus.of(e);
        }
    }

    /** The error for a value on the command line that is not right. */
    final ParameterException invalid(String place, Object value, String expected) {
        return Options.invalidAt(spec, place, value + " (expected: " + expected + ")");
    }
}
