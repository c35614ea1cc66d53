/** Errors about a wrong command line, in the same words for all commands. Start at {@link net.voltlane.cli.usage.Options}. */
@NullMarked
package net.voltlane.cli.usage;

import org.jspecify.annotations.NullMarked;
