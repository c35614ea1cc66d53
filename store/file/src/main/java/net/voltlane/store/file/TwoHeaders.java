package net.voltlane.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.mvstore.DataUtils;
import org.h2.store.fs.FileBase;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;
import org.jspecify.annotations.Nullable;

/**
 * Files of which one of the two headers always leads to data that is on the disk. A header says where the newest part is. H2
 * writes both copies at once: after a power cut both may name a part that never reached the disk, and then H2 takes the last
 * part in the file, which may be an old one. So the second copy is held back here until what it names was synced, and synced
 * itself before the next version may use the space of the one before. H2 reads both, and begins with the newer one that
 * names a whole part.
 *
 * <p>Public, as H2 makes paths by reflection.
 */
public final class TwoHeaders extends FilePathWrapper {
    private static final int BLOCK_BYTES = 4_096;
    private static final String SCHEME = "voltlane";
    private static final Pattern VERSION = Pattern.compile(",version:([0-9a-f]{1,15})[,\n]");

    static {
        FilePath.register(new TwoHeaders());
    }

    /** A path that leads nowhere yet. */
    public TwoHeaders() {}

    /** The text that H2 needs before the path of a file. */
    static String prefix() {
        return SCHEME + ":";
    }

    /** The version that the second header of a file names, which is on the disk; 0 if it names none. The file must not be open. */
    static long syncedVersion(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer second = ByteBuffer.allocate(BLOCK_BYTES);
            while (second.hasRemaining() && file.read(second, BLOCK_BYTES + second.position()) >= 0) {
                // a file may end here: H2 says so
            }
            Matcher version = VERSION.matcher(StandardCharsets.ISO_8859_1.decode(second.flip()));
            return version.find() ? Long.parseLong(version.group(1), 16) : 0;
        }
    }

    /** Puts the second header in the place of the first. The file must not be open. */
    static void useSecond(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer second = ByteBuffer.allocate(BLOCK_BYTES);
            DataUtils.readFully(file, BLOCK_BYTES, second);
            DataUtils.writeFully(file, 0, second.rewind());
        }
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        return new Channel(super.open(mode));
    }

    /** Written by one thread, and synced by that or another. */
    private static final class Channel extends FileBase {
        private final FileChannel file;
        /** The second header, which waits for a sync. */
        private @Nullable ByteBuffer heldBack;

        Channel(FileChannel file) {
            this.file = file;
        }

        @Override
        public synchronized int write(ByteBuffer from, long at) throws IOException {
            if (at != 0 || from.remaining() != 2 * BLOCK_BYTES || file.size() == 0) {
                return file.write(from, at);
            }
            ByteBuffer second = ByteBuffer.allocate(BLOCK_BYTES);
            second.put(from.duplicate().position(from.position() + BLOCK_BYTES)).flip();
            int end = from.limit();
            from.limit(end - BLOCK_BYTES);
            try {
                while (from.hasRemaining()) {
                    file.write(from, BLOCK_BYTES - from.remaining());
                }
            } finally {
                from.limit(end);
            }
            from.position(end);
            heldBack = second;
            return 2 * BLOCK_BYTES;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            ByteBuffer second;
            synchronized (this) {
                second = heldBack;
                heldBack = null;
            }
            try {
                file.force(metaData);
            } catch (IOException e) {
                synchronized (this) {
                    heldBack = heldBack == null ? second : heldBack;
                }
                throw e;
            }
            if (second != null) {
                while (second.hasRemaining()) {
                    file.write(second, 2L * BLOCK_BYTES - second.remaining());
                }
                file.force(metaData);
            }
        }

        @Override
        public int read(ByteBuffer to) throws IOException {
            return file.read(to);
        }

        @Override
        @SuppressWarnings("UnsynchronizedOverridesSynchronized") // reading at a place changes nothing here
        public int read(ByteBuffer to, long at) throws IOException {
            return file.read(to, at);
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            throw new IOException("written at a place only");
        }

        @Override
        public long position() throws IOException {
            return file.position();
        }

        @Override
        public FileChannel position(long at) throws IOException {
            file.position(at);
            return this;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            file.truncate(size);
            return this;
        }

        @Override
        public FileLock tryLock(long at, long size, boolean shared) throws IOException {
            return file.tryLock(at, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            file.close();
        }
    }
}
