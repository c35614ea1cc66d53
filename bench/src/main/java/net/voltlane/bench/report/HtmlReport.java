package net.voltlane.bench.report;

import net.voltlane.bench.model.Result;

/** A page. */
public final class HtmlReport {

    private HtmlReport() {}

    /** The whole page. */
    public static String of(Result result) {
        return "";
    }
}
