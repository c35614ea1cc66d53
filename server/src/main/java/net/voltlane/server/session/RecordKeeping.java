package net.voltlane.server.session;

import java.util.concurrent.Executor;
import net.voltlane.server.store.RecordCodec;
import net.voltlane.server.store.RecordStore;

/**
 * The parts of the server by which sessions have records outside of its process.
 *
 * @param store keeps the records
 * @param events hears of the store; the listener with which it was opened
 * @param codec seals what only this server and others with its key may read
 * @param owner the name of this server process, as in {@link net.voltlane.server.store.StoredRecord#owner}
 * @param whenAway what happens to new sessions while the store is away
 * @param sessionLoop runs tasks on the session loop, behind those that it has already
 */
public record RecordKeeping(
        RecordStore store,
        StoreEvents events,
        RecordCodec codec,
        String owner,
        WhenAway whenAway,
        Executor sessionLoop) {}
