/**
 * A store of sessions in a file, on H2's MVStore: for one server, whose sessions then outlive its restarts and crashes.
 *
 * <p>Start reading at {@link net.voltlane.store.file.FileRecordStore}. Calls wait in {@code Calls}; the one thread of
 * {@code Worker} takes them in batches and does them on {@code Records}, which holds the rules of epochs and time. {@code
 * StoreFile} is the file: how it is made, checked, written and kept small. {@code Syncs} brings it to the disk once a second.
 * {@code TwoHeaders} makes what was synced the least that a power cut leaves.
 */
@NullMarked
package net.voltlane.store.file;

import org.jspecify.annotations.NullMarked;
