/**
 * The live view of a server in a terminal. Start at {@link net.voltlane.cli.ctl.top.Top}: a thread polls the server,
 * another reads keys, and both hand what they got to the thread that draws.
 */
@NullMarked
package net.voltlane.cli.ctl.top;

import org.jspecify.annotations.NullMarked;
