/** Files of Unix sockets that listen. Internal to server and SDKs. Start reading at {@link UnixSocketFile}. */
@NullMarked
package net.voltlane.tcp.unix;

import org.jspecify.annotations.NullMarked;
