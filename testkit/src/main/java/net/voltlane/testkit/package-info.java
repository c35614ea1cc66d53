/**
 * Tools for tests: peers that do exactly what a test says ({@link net.voltlane.testkit.ScriptedClient},
 * {@link net.voltlane.testkit.ScriptedMaster}, {@link net.voltlane.testkit.ScriptedConnectionServer}), a relay that
 * breaks links on command ({@link net.voltlane.testkit.FaultRelay}), a server in a process of its own
 * ({@link net.voltlane.testkit.ServerProcess}), a clock moved by hand, seeds and a leak check.
 *
 * <p>Two rules hold throughout. Nothing waits without a bound: what does not come in time is an
 * {@link AssertionError} that says what was awaited and what came instead. And nothing sleeps: every wait is for a
 * condition. Start reading at {@code ScriptedClient}.
 */
@NullMarked
package net.voltlane.testkit;

import org.jspecify.annotations.NullMarked;
