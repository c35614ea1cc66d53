/**
 * The service manager systemd, as a service sees it: states that it is told, and the watchdog. Start reading at {@link
 * net.voltlane.cli.systemd.ServiceManager}.
 */
@NullMarked
package net.voltlane.cli.systemd;

import org.jspecify.annotations.NullMarked;
