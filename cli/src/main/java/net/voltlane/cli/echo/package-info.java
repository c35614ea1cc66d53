/**
 * A backend that sends every client's data back to it: for trying the server out, and as the smallest example of the
 * backend SDK. All of it is {@link net.voltlane.cli.echo.Echo}.
 */
@NullMarked
package net.voltlane.cli.echo;

import org.jspecify.annotations.NullMarked;
