/**
 * The {@code voltlane} command. Start at {@link net.voltlane.cli.Voltlane}; each subcommand is a class of its own.
 */
@NullMarked
package net.voltlane.cli;

import org.jspecify.annotations.NullMarked;
