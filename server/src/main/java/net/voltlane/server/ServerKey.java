package net.voltlane.server;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import net.voltlane.proof.KeyFile;
import net.voltlane.proof.KeyNotSavedException;
import net.voltlane.proof.KeyPair;
import net.voltlane.proof.PublicKeys;
import net.voltlane.server.config.Listener;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.log.LogField;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** The server's key pair, from its file, from the configuration, or for this run only. */
final class ServerKey {
    private static final Logger log = LoggerFactory.getLogger(ServerKey.class);
    private static final String SETTING = "listener.key_file: ";

    private ServerKey() {}

    /**
     * Loads the key, or makes one. Logs if it made one, because clients that know another key will refuse this server.
     *
     * @throws StartException if the file is there but holds no usable key, as a new key would lose the clients' trust; or
     *     if a file is required and can't be made
     */
    static KeyPair load(Listener settings, SecureRandom random) {
        if (!settings.key().isEmpty()) {
            KeyPair key = given(settings.key());
            String fingerprint = PublicKeys.fingerprint(key.publicKey());
            told(LogEvent.KEY, fingerprint).log("Key: {}, from the configuration", fingerprint);
            return key;
        }
        if (settings.keyFile().isEmpty()) {
            return inMemory(random);
        }
        try {
            Path file = Path.of(settings.keyFile());
            KeyPair key = KeyFile.load(file);
            if (key == null) {
                return create(file, random);
            }
            String fingerprint = PublicKeys.fingerprint(key.publicKey());
            told(LogEvent.KEY, fingerprint)
                    .addKeyValue(LogField.FILE.key(), file)
                    .log("Key: {} in {}", fingerprint, file);
            return key;
        } catch (KeyNotSavedException e) {
            if (settings.keyFileRequired()) {
                throw StartException.configuration(SETTING + e.getMessage());
            }
            LogEvent.KEY_NOT_SAVED
                    .on(log)
                    .log(
                            SETTING
                                    + "{}; this run's key is in memory only: after a restart clients will not know the server"
                                    + " again",
                            e.getMessage());
            return inMemory(random);
        } catch (IOException | InvalidPathException e) {
            throw StartException.configuration(SETTING + e.getMessage());
        }
    }

    /** The key that the configuration itself holds. */
    private static KeyPair given(String digits) {
        try {
            return KeyPair.ofSecret(HexFormat.of().parseHex(digits));
        } catch (IllegalArgumentException notAKey) {
            // The cause is dropped, as its message may quote the key.
            throw StartException.configuration("listener.key: (hidden) (expected: a key as in a key file)");
        }
    }

    /** A key that is not saved. */
    private static KeyPair inMemory(SecureRandom random) {
        KeyPair key = KeyPair.generate(random);
        String fingerprint = PublicKeys.fingerprint(key.publicKey());
        told(LogEvent.KEY, fingerprint).log("Key: {}, new and in memory only", fingerprint);
        return key;
    }

    private static KeyPair create(Path file, SecureRandom random) throws IOException {
        KeyPair key = KeyFile.create(file, random);
        String fingerprint = PublicKeys.fingerprint(key.publicKey());
        told(LogEvent.KEY_CREATED, fingerprint)
                .addKeyValue(LogField.FILE.key(), file)
                .log(
                        "{} was not there: a new key was made, {}; clients that know another key of this server will"
                                + " refuse it",
                        file,
                        fingerprint);
        return key;
    }

    private static LoggingEventBuilder told(LogEvent event, String fingerprint) {
        return event.on(log).addKeyValue(LogField.KEY.key(), fingerprint);
    }

    /**
     * Checks that {@link #load} would succeed. Writes nothing.
     *
     * @return what {@link #load} would do, in words
     * @throws StartException as {@link #load} would
     */
    static String check(Listener settings) {
        if (!settings.key().isEmpty()) {
            return "listener.key: the key "
                    + PublicKeys.fingerprint(given(settings.key()).publicKey());
        }
        if (settings.keyFile().isEmpty()) {
            return SETTING + "empty: every start has a new key, in memory only";
        }
        try {
            Path file = Path.of(settings.keyFile());
            KeyPair key = KeyFile.load(file);
            if (key != null) {
                return SETTING + file + " holds the key " + PublicKeys.fingerprint(key.publicKey());
            }
            KeyFile.checkCreatable(file);
            return SETTING + file + " is not there: the next start makes a new key";
        } catch (KeyNotSavedException e) {
            if (settings.keyFileRequired()) {
                throw StartException.configuration(SETTING + e.getMessage());
            }
            return SETTING + e.getMessage() + "; every start has a new key, in memory only";
        } catch (IOException | InvalidPathException e) {
            throw StartException.configuration(SETTING + e.getMessage());
        }
    }
}
