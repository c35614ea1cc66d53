/**
 * Tests of the client SDK. Queues, frames and waits are tested without a server. {@code ScriptedServer} misbehaves as a
 * test tells it. {@code OwnServer} is the project's own server, behind a relay that breaks links.
 */
@NullMarked
package net.voltlane.client;

import org.jspecify.annotations.NullMarked;
