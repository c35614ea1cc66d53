/** Tests of files of Unix sockets. */
@NullMarked
package net.voltlane.tcp.unix;

import org.jspecify.annotations.NullMarked;
