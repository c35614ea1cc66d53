/** What all commands say about a wrong command line. Start at {@link net.voltlane.cli.usage.Options}. */
@NullMarked
package net.voltlane.cli.usage;

import org.jspecify.annotations.NullMarked;
