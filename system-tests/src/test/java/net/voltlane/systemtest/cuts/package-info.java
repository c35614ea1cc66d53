/**
 * Links of version 3 that are cut at every byte. A server, clients and a backend run in one process, with a relay on each
 * side of the server; the peers count and judge, see {@link net.voltlane.testkit.version3}.
 */
@NullMarked
package net.voltlane.systemtest.cuts;

import org.jspecify.annotations.NullMarked;
