/**
 * Results for people and programs: {@link net.voltlane.bench.report.TextReport},
 * {@link net.voltlane.bench.report.JsonReport}, {@link net.voltlane.bench.report.HtmlReport}. Each is a pure function
 * of a result.
 */
@NullMarked
package net.voltlane.bench.report;

import org.jspecify.annotations.NullMarked;
