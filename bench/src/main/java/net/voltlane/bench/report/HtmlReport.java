package net.voltlane.bench.report;

import static net.voltlane.bench.report.Texts.format;

import java.util.List;
import net.voltlane.bench.model.Distribution;
import net.voltlane.bench.model.Figure;
import net.voltlane.bench.model.Load;
import net.voltlane.bench.model.Plan;
import net.voltlane.bench.model.Result;
import net.voltlane.bench.model.RunEnvironment;

/**
 * A page that is complete in itself: it loads no script, font or picture. It follows the reader's choice of light or
 * dark, prints on A4, and is well-formed XML as well.
 */
public final class HtmlReport {

    private static final String STYLE = """
            :root{--paper:#fff;--ink:#1c2128;--soft:#5b6573;--rule:#dfe3e8;--band:#f1f3f6;--good:#1a7f4b;--bad:#c22f2f;
              --k0:#1f6fd6;--k1:#d9730d;--k2:#7a4fd0;--k3:#0f8f86}
            @media (prefers-color-scheme:dark){:root{--paper:#14181d;--ink:#e6eaef;--soft:#98a3b1;--rule:#2c333c;--band:#1d232a;
              --good:#4cc38a;--bad:#ff7b72;--k0:#6cb0ff;--k1:#f5a04d;--k2:#b79cff;--k3:#4fd1c5}}
            @media print{:root{--paper:#fff;--ink:#000;--soft:#444;--rule:#ccc;--band:#eee;--good:#1a7f4b;--bad:#c22f2f;
              --k0:#1f6fd6;--k1:#d9730d;--k2:#7a4fd0;--k3:#0f8f86}}
            @page{size:A4;margin:14mm}
            *{box-sizing:border-box}
            body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;
              font-variant-numeric:tabular-nums}
            main{max-width:820px;margin:0 auto;padding:32px 24px}
            h1{font-size:26px;line-height:1.2;margin:0 0 4px} h2{font-size:16px;margin:28px 0 8px}
            p{margin:0 0 8px} .soft{color:var(--soft)}
            .verdict{margin:14px 0 20px;padding:8px 12px;border-left:4px solid var(--good);background:var(--band)}
            .verdict.bad{border-color:var(--bad)}
            .tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:10px;margin-bottom:20px}
            .tile{border:1px solid var(--rule);border-radius:6px;padding:10px 12px} .tile b{display:block;font-size:21px;line-height:1.3}
            .tile span{color:var(--soft);font-size:13px}
            table{border-collapse:collapse;width:100%} th,td{padding:4px 8px 4px 0;border-bottom:1px solid var(--rule);text-align:left;
              vertical-align:top;font-weight:400} td.n,th.n{text-align:right;white-space:nowrap;padding-right:14px}
            thead th{color:var(--soft);font-size:13px} tbody th{white-space:nowrap}
            .two{display:grid;grid-template-columns:5fr 7fr;gap:0 32px} .two td{overflow-wrap:anywhere}
            figure{margin:20px 0 0;break-inside:avoid} figcaption{font-weight:600;margin-bottom:4px}
            svg{display:block;width:100%;height:auto;font:12px system-ui,-apple-system,"Segoe UI",sans-serif}
            svg text{fill:var(--soft)} .left{text-anchor:end} .below{text-anchor:middle}
            .grid{stroke:var(--rule);stroke-width:1} .band{fill:var(--band)} .line{fill:none;stroke-width:2;stroke-linejoin:round}
            .line.k0{stroke:var(--k0)} .line.k1{stroke:var(--k1)} .line.k2{stroke:var(--k2)} .line.k3{stroke:var(--k3)}
            .key{font-weight:400;font-size:13px;margin-left:16px} .key::before{content:"";display:inline-block;width:18px;height:0;
              border-top:3px solid;vertical-align:middle;margin-right:6px}
            .key.k0::before{color:var(--k0)} .key.k1::before{color:var(--k1)} .key.k2::before{color:var(--k2)} .key.k3::before{color:var(--k3)}
            .wide{overflow-x:auto}
            @media (max-width:640px){.tiles{grid-template-columns:repeat(2,1fr)} .two{grid-template-columns:1fr}}
            @media print{body{font-size:11px} thead th,.key,.tile span{font-size:10px} main{max-width:none;padding:0} h1{font-size:20px} h2{font-size:13px;margin:14px 0 4px}
              .tile b{font-size:16px} .tiles{margin-bottom:12px} figure{margin-top:12px} th,td{padding-top:2px;padding-bottom:2px}
              .verdict,.band{print-color-adjust:exact;-webkit-print-color-adjust:exact} section{break-inside:avoid}
              .two{grid-template-columns:5fr 7fr} .tiles{grid-template-columns:repeat(4,1fr)}}
            """;

    private HtmlReport() {}

    /** The whole page. */
    public static String of(Result result) {
        StringBuilder out = new StringBuilder(32 * 1024);
        Plan plan = result.plan();
        String title = "Voltlane bench: " + plan.scenario().word();
        out.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
                .append("<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>")
                .append(Html.text(title))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<main>\n<h1>")
                .append(Html.text(title))
                .append("</h1>\n<p class=\"soft\">")
                .append(Html.text(sentence(plan.scenario().summary()) + " Measured on "
                        + result.surroundings().time() + " by bench "
                        + result.surroundings().benchVersion() + "; the server's version: "
                        + result.surroundings().serverVersion() + "."))
                .append("</p>\n");
        out.append(format(
                "<p class=\"verdict%s\">%s</p>\n", result.isFine() ? "" : " bad", Html.text(Texts.verdict(result))));
        tiles(out, result);
        latencies(out, result.distributions());
        Charts.of(result).forEach(chart -> out.append(chart.svg()));
        figures(out, result.figures());
        notes(out, result.notes());
        out.append("<div class=\"two\">\n");
        parameters(out, plan);
        surroundings(out, result.surroundings());
        return out.append("</div>\n</main>\n</body>\n</html>\n").toString();
    }

    private static String sentence(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
    }

    private static void tiles(StringBuilder out, Result result) {
        out.append("<div class=\"tiles\">\n");
        result.figures().stream()
                .filter(figure -> figure.name().equals("rate_per_second"))
                .forEach(figure -> tile(out, Texts.figure(figure), figure.label()));
        if (!result.distributions().isEmpty()) {
            Distribution last =
                    result.distributions().get(result.distributions().size() - 1);
            for (Percentiles each : List.of(Percentiles.P50, Percentiles.P99, Percentiles.MAX)) {
                tile(
                        out,
                        Texts.nanos(last.histogram().getValueAtPercentile(each.percentile())),
                        each.label() + " latency, " + last.name());
            }
        }
        out.append("</div>\n");
    }

    private static void tile(StringBuilder out, String value, String label) {
        out.append(format("<div class=\"tile\"><b>%s</b><span>%s</span></div>\n", Html.text(value), Html.text(label)));
    }

    private static void latencies(StringBuilder out, List<Distribution> distributions) {
        out.append("<div class=\"wide\"><table><thead><tr><th>latency</th><th class=\"n\">count</th>");
        Percentiles.ALL.forEach(each -> out.append(format("<th class=\"n\">%s</th>", each.label())));
        out.append("<th class=\"n\">mean</th></tr></thead>\n<tbody>\n");
        for (Distribution distribution : distributions) {
            out.append(format(
                    "<tr><th>%s</th><td class=\"n\">%,d</td>",
                    Html.text(distribution.name()), distribution.histogram().getTotalCount()));
            for (Percentiles each : Percentiles.ALL) {
                number(out, Texts.nanos(distribution.histogram().getValueAtPercentile(each.percentile())));
            }
            number(out, Texts.nanos(distribution.histogram().getMean()));
            out.append("</tr>\n");
        }
        out.append("</tbody></table></div>\n");
    }

    private static void number(StringBuilder out, String text) {
        out.append("<td class=\"n\">").append(Html.text(text)).append("</td>");
    }

    private static void figures(StringBuilder out, List<Figure> figures) {
        out.append("<section><h2>Figures</h2>\n<table><tbody>\n");
        for (Figure figure : figures) {
            out.append("<tr><th>").append(Html.text(figure.label())).append("</th>");
            number(out, Texts.figure(figure));
            out.append("<td class=\"soft\">").append(Html.text(figure.remark())).append("</td></tr>\n");
        }
        out.append("</tbody></table></section>\n");
    }

    private static void notes(StringBuilder out, List<String> notes) {
        if (!notes.isEmpty()) {
            out.append("<section><h2>Notes</h2>\n");
            notes.forEach(note -> out.append("<p>").append(Html.text(note)).append("</p>\n"));
            out.append("</section>\n");
        }
    }

    private static void parameters(StringBuilder out, Plan plan) {
        Load load = plan.load();
        out.append("<section><h2>Parameters</h2>\n<table><tbody>\n");
        row(out, "clients", format("%,d", load.clients()));
        row(out, "message", Texts.bytes(load.sizeBytes()));
        row(
                out,
                "load",
                load.isOpenLoop()
                        ? format("open loop, %,d/s", load.ratePerSecond())
                        : plan.scenario().isStorm()
                                ? load.underWay() + " under way"
                                : "closed loop, depth " + load.depth());
        row(out, "warm-up", plan.timing().warmup().toMillis() / 1000.0 + " s");
        row(out, "duration", plan.timing().duration().toMillis() / 1000.0 + " s");
        row(out, "threads", Integer.toString(plan.generator().threads()));
        row(out, "sources", Integer.toString(plan.generator().sourceAddresses()));
        row(out, "protocol", Integer.toString(plan.generator().protocol()));
        out.append("</tbody></table></section>\n");
    }

    private static void surroundings(StringBuilder out, RunEnvironment surroundings) {
        out.append("<section><h2>RunEnvironment</h2>\n<table><tbody>\n");
        row(out, "server's version", surroundings.serverVersion());
        row(out, "bench's version", surroundings.benchVersion());
        row(out, "server", surroundings.server());
        row(out, "backend", surroundings.backend());
        row(out, "transport", surroundings.transport());
        row(out, "system", surroundings.system());
        row(out, "processor", surroundings.processor());
        row(out, "cores", Integer.toString(surroundings.cores()));
        row(out, "Java", surroundings.java());
        out.append("</tbody></table></section>\n");
    }

    private static void row(StringBuilder out, String name, String value) {
        out.append(format("<tr><th>%s</th><td>%s</td></tr>\n", name, Html.text(value)));
    }
}
