/**
 * Tests of the client, against three kinds of server: none (queues, frames, waits), a scripted one that misbehaves as a
 * test says ({@code ScriptedServer}), and the project's own, with a relay in between that breaks links
 * ({@code OwnServer}).
 */
@NullMarked
package net.voltlane.client;

import org.jspecify.annotations.NullMarked;
