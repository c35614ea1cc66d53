package net.voltlane.server;

import java.nio.file.Path;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.config.Store;
import net.voltlane.server.config.StoreKind;
import net.voltlane.server.store.Fleet;
import net.voltlane.server.store.RecordStore;
import net.voltlane.server.store.StoreException;
import net.voltlane.server.store.StoreProvider;
import net.voltlane.server.store.StoreSettings;
import org.jspecify.annotations.Nullable;

/** Finds the store that the configuration names, and opens it. */
final class ServerStore {
    private static final long ASK_AGAIN_MILLIS = 10;

    private ServerStore() {}

    /**
     * Opens the store.
     *
     * @param owner the name of this process
     * @param fingerprint the short name of this server's key, which must be that of the fleet, or of the file, as well
     * @throws StartException for a reason that the operator can mend
     */
    static RecordStore open(ServerConfig config, String owner, String fingerprint, RecordStore.Listener listener) {
        RecordStore opened = null;
        boolean done = false;
        try {
            opened = provider(config.store().kind()).open(settings(config.store(), owner, fingerprint), listener);
            Fleet fleet = opened.fleet();
            if (fleet != null) {
                checkIdentity(fleet, fingerprint, config.store().timeoutMs());
            }
            done = true;
            return opened;
        } catch (StoreException e) {
            throw StartException.configuration(message(e));
        } finally {
            if (!done && opened != null) {
                opened.close();
            }
        }
    }

    /**
     * Checks the settings of the store. Changes nothing.
     *
     * @return what the server would use, in words
     * @throws StartException as {@link #open} would, as far as that is known without a connection
     */
    static String check(ServerConfig config) {
        Store store = config.store();
        try {
            provider(store.kind()).check(settings(store, "", ""));
        } catch (StoreException e) {
            throw StartException.configuration(message(e));
        }
        return store.kind() == StoreKind.FILE ? "store.path: " + store.path() : "store.url: " + store.shownUrl();
    }

    /**
     * Makes sure that the fleet has the same key as this server, before a client can come: it would tell those of the fleet
     * that their sessions are not to be found. Waits for a store that is being connected to. One that is not there in time is
     * asked again when it is.
     *
     * @throws StartException if it has another one
     */
    static void checkIdentity(Fleet fleet, String fingerprint, long withinMillis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(withinMillis);
        String theirs = null;
        try {
            while (theirs == null && System.nanoTime() < end) {
                theirs = askIdentity(fleet, fingerprint, end - System.nanoTime());
            }
        } catch (TimeoutException away) {
            return; // asked again by the membership
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (theirs != null && !theirs.equals(fingerprint)) {
            throw StartException.configuration(otherKey(fingerprint, theirs));
        }
    }

    /** Returns null, after a moment, if the store is not there. */
    private static @Nullable String askIdentity(Fleet fleet, String fingerprint, long withinNanos)
            throws InterruptedException, TimeoutException {
        try {
            return fleet.identity(fingerprint).toCompletableFuture().get(withinNanos, TimeUnit.NANOSECONDS);
        } catch (ExecutionException away) {
            Thread.sleep(ASK_AGAIN_MILLIS);
            return null;
        }
    }

    /** The message for a server whose key is not that of its fleet. */
    static String otherKey(String fingerprint, String theirs) {
        return "listener.key_file: the key " + fingerprint + " (expected: " + theirs
                + ", the key of the other servers that share this store; or another store.prefix)";
    }

    private static StoreSettings settings(Store store, String owner, String fingerprint) {
        return new StoreSettings(
                Path.of(store.path()), store.url(), store.prefix(), store.timeoutMs(), owner, fingerprint);
    }

    private static StoreProvider provider(StoreKind kind) {
        String name = kind.name().toLowerCase(Locale.ROOT);
        return ServiceLoader.load(StoreProvider.class, StoreProvider.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.kind().equals(name))
                .findFirst()
                .orElseThrow(() -> StartException.configuration("store.kind: " + name
                        + " (expected: memory, since voltlane-store-" + name + " is not in the class path)"));
    }

    private static String message(StoreException e) {
        String message = e.getMessage();
        return message == null ? "the store can't be opened" : message;
    }
}
