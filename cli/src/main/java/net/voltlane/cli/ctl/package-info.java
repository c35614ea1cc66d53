/**
 * The command {@code voltlane ctl}: looks at a running server, and changes it, over its HTTP API. Start at
 * {@link net.voltlane.cli.ctl.CtlCommand}; each subcommand is a class of its own.
 */
@NullMarked
package net.voltlane.cli.ctl;

import org.jspecify.annotations.NullMarked;
