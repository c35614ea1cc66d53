package net.voltlane.server;

import java.time.Duration;

/**
 * The progress of a drain.
 *
 * @param endsIn time until the sessions that are left are ended all together; never negative
 * @param sessionsLeft the sessions that have not ended, live and stale, at most a few hundredths of a second ago
 */
public record DrainStatus(Duration endsIn, int sessionsLeft) {}
