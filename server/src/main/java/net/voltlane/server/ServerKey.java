package net.voltlane.server;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.SecureRandom;
import net.voltlane.proof.KeyFile;
import net.voltlane.proof.KeyNotSavedException;
import net.voltlane.proof.KeyPair;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server's key pair: from its file, or for this run only. */
final class ServerKey {
    private static final Logger log = LoggerFactory.getLogger(ServerKey.class);

    private ServerKey() {}

    /**
     * @param file as configured; empty: a key in memory only
     * @throws StartException where the file is there but holds no usable key: a new one would lose the clients' trust
     */
    static KeyPair load(String file, SecureRandom random) {
        if (file.isEmpty()) {
            return KeyPair.generate(random);
        }
        try {
            Path path = Path.of(file);
            KeyPair key = KeyFile.loadOrCreate(path, random);
            if (KeyFile.readableByOthers(path)) {
                log.warn("listener.key_file: {} can be read by others; chmod 600 it", path);
            }
            return key;
        } catch (KeyNotSavedException e) {
            log.warn(
                    "listener.key_file: {}; this run's key is in memory only: after a restart clients will not know the"
                            + " server again",
                    e.getMessage());
            return KeyPair.generate(random);
        } catch (IOException | InvalidPathException e) {
            throw new StartException("listener.key_file: " + e.getMessage());
        }
    }
}
