/**
 * Tests of the dashboard, the chat and the documentation site in a real Chromium, driven by Playwright. Most of them run against a {@link
 * net.voltlane.browsertest.FakeServer}, whose figures a test sets, behind the real HTTP server. Start at {@link
 * net.voltlane.browsertest.Visit}.
 */
@NullMarked
package net.voltlane.browsertest;

import org.jspecify.annotations.NullMarked;
