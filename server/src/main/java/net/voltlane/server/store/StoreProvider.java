package net.voltlane.server.store;

/** A kind of store. Found by {@link java.util.ServiceLoader}, so that only a server that uses it loads its classes. */
public interface StoreProvider {
    /** The name of the kind, as in {@code store.kind}: {@code file} or {@code redis}. */
    String kind();

    /**
     * Checks settings as far as that is possible without a connection, and changes nothing.
     *
     * @throws StoreException for a setting that can't be used, in the form {@code store.key: value (expected: …)}
     */
    void check(StoreSettings settings) throws StoreException;

    /**
     * Opens the store. A file is opened within the call. A store over the network may be away at the start: then it is
     * opened nonetheless, is {@linkplain RecordStore#isUp not up}, and goes on trying.
     *
     * @param listener called from the moment on at which this method is called
     * @throws StoreException for a reason that the operator has to mend: a file that another process has, that is not
     *     one of a store's, or that a server with another key has made, a setting that can't be used
     */
    RecordStore open(StoreSettings settings, RecordStore.Listener listener) throws StoreException;
}
