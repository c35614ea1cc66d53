/**
 * The parts of {@code voltlane bench} beside the bench itself: a server in a process of its own. Start at
 * {@link net.voltlane.cli.bench.ChildServer}.
 */
@NullMarked
package net.voltlane.cli.bench;

import org.jspecify.annotations.NullMarked;
