/** Figures, tables and text of a server, as a terminal shows them. Everything here is stateless or confined to a thread. */
@NullMarked
package net.voltlane.cli.ctl.text;

import org.jspecify.annotations.NullMarked;
