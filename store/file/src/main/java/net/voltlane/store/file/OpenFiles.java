package net.voltlane.store.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import net.voltlane.server.store.StoreException;

/**
 * The files that stores of this process have open. Unix gives up a process's lock on a file as soon as the process closes
 * any of its descriptors of that file. So a second store must not even try to open it.
 */
final class OpenFiles {
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private OpenFiles() {}

    /**
     * Takes the file for a store.
     *
     * @throws StoreException if another store of this process has it, or its folder is not there
     */
    static Place enter(Path path) throws StoreException {
        Path real = real(path);
        if (!OPEN.add(real)) {
            throw Faults.inUse(path);
        }
        return new Place(real);
    }

    /**
     * The one name of a file, also where it does not exist yet.
     *
     * @throws StoreException if it is a folder, or its folder is not there
     */
    static Path real(Path path) throws StoreException {
        Path absolute = path.toAbsolutePath().normalize();
        Path folder = absolute.getParent();
        Path name = absolute.getFileName();
        if (folder == null || name == null || Files.isDirectory(absolute)) {
            throw Faults.noFile(path);
        }
        try {
            return Files.exists(absolute)
                    ? absolute.toRealPath()
                    : folder.toRealPath().resolve(name);
        } catch (IOException e) {
            throw Faults.noFolder(path, e);
        }
    }

    /** A file that belongs to a store, until it leaves. */
    record Place(Path path) {
        void leave() {
            OPEN.remove(path);
        }
    }
}
