/**
 * The load generator: very many clients on few event loops. Start at {@link net.voltlane.bench.load.Fleet}, then
 * {@link net.voltlane.bench.load.LoadLoop} and {@link net.voltlane.bench.load.Client}.
 *
 * <p>All clients of a loop, and what they count, belong to that loop's thread; nothing here has a lock. Per message
 * nothing is allocated, and a batch of messages costs one write: the generator is to measure the server, not itself.
 */
@NullMarked
package net.voltlane.bench.load;

import org.jspecify.annotations.NullMarked;
