/**
 * Records of sessions outside of the server's process, so that a session outlives the server that it was opened on. A
 * module that can keep them implements {@link net.voltlane.server.store.RecordStore} and is found by its {@link
 * net.voltlane.server.store.StoreProvider}. Knows nothing of channels, links and packets.
 */
@NullMarked
package net.voltlane.server.store;

import org.jspecify.annotations.NullMarked;
