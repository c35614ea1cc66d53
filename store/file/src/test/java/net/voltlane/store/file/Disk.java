package net.voltlane.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.h2.store.fs.FileBase;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;
import org.jspecify.annotations.Nullable;

/**
 * A disk between H2 and the files of a folder, under a prefix of its own. It can be full, can hang, and knows all that was
 * written to the file {@code sessions}: so what a kill or a power cut at any moment leaves can be made.
 */
public final class Disk implements AutoCloseable {
    private static final Map<String, Disk> DISKS = new ConcurrentHashMap<>();
    private static final int SECTOR_BYTES = 512;
    private static final int PAGE_BYTES = 4_096;

    private final Path folder;
    private final List<Change> changes = new ArrayList<>();
    private byte[] atFirst = new byte[0];
    private volatile boolean isFull;
    private volatile @Nullable CountDownLatch hangsUntil;

    Disk(Path folder) {
        this.folder = folder;
        FilePath.register(new Paths());
        DISKS.put(folder.toString(), this);
    }

    /** The text that H2 needs before the path of a file. */
    static String prefix() {
        return "faulty:";
    }

    void fill(boolean full) {
        isFull = full;
    }

    /** Holds up writes from now on. */
    void hang(CountDownLatch until) {
        hangsUntil = until;
    }

    /** The number of changes so far. */
    synchronized int changes() {
        return changes.size();
    }

    /** The number of changes before the last sync but one that is over, among the first {@code count}. */
    synchronized int syncedBefore(int count) {
        int last = 0;
        int beforeThat = 0;
        for (Change change : changes.subList(0, count)) {
            if (change.syncedChanges > last) {
                beforeThat = last;
                last = change.syncedChanges;
            }
        }
        return beforeThat;
    }

    private int onDisk(int count) {
        return changes.subList(0, count).stream()
                .mapToInt(Change::syncedChanges)
                .max()
                .orElse(0);
    }

    /** Makes what a kill leaves in the middle of a change. */
    synchronized void afterKill(int whole, double partOfNext, Path file) throws IOException {
        try (FileChannel out = begin(file)) {
            for (Change change : changes.subList(0, whole)) {
                change.apply(out);
            }
            if (whole < changes.size()) {
                Change next = changes.get(whole);
                // The kernel takes a page at a time, and of a page all or nothing.
                next.applyBegin(out, (int) (next.bytes.length * partOfNext) / PAGE_BYTES * PAGE_BYTES);
            }
        }
    }

    /** Makes what a power cut leaves: all that was synced, and of what was written later any writes, or any sectors of them. */
    synchronized void afterPowerCut(int whole, Random random, boolean isTorn, Path file) throws IOException {
        int synced = onDisk(whole);
        try (FileChannel out = begin(file)) {
            for (Change change : changes.subList(0, synced)) {
                change.apply(out);
            }
            for (Change change : changes.subList(synced, whole)) {
                change.applySome(out, random, isTorn);
            }
        }
    }

    private FileChannel begin(Path file) throws IOException {
        Files.write(file, atFirst);
        return FileChannel.open(file, StandardOpenOption.WRITE);
    }

    @Override
    public void close() {
        DISKS.remove(folder.toString());
    }

    private void beforeWrite() throws IOException {
        CountDownLatch latch = hangsUntil;
        if (latch != null) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        if (isFull) {
            throw new IOException("No space left on device");
        }
    }

    private synchronized void add(Change change) {
        changes.add(change);
    }

    private synchronized void begin(byte[] content) {
        if (changes.isEmpty()) {
            atFirst = content;
        }
    }

    /** A write; with {@code at} below 0 a new length, or a sync that is over and had so many changes before it. */
    private record Change(long at, byte[] bytes, long length, int syncedChanges) {
        void apply(FileChannel out) throws IOException {
            applyBegin(out, bytes.length);
        }

        void applyBegin(FileChannel out, int count) throws IOException {
            if (length >= 0) {
                out.truncate(length);
            } else if (at >= 0) {
                out.write(ByteBuffer.wrap(bytes, 0, count), at);
            }
        }

        void applySome(FileChannel out, Random random, boolean isTorn) throws IOException {
            boolean isWhole = random.nextInt(3) > 0;
            if (length >= 0 || (!isTorn && !isWhole)) {
                return; // not on the disk yet
            }
            for (int from = 0; at >= 0 && from < bytes.length; from += SECTOR_BYTES) {
                if (isWhole || random.nextBoolean()) {
                    out.write(ByteBuffer.wrap(bytes, from, Math.min(SECTOR_BYTES, bytes.length - from)), at + from);
                }
            }
        }
    }

    /** The paths of the disk. Public, as H2 makes them by reflection. */
    public static final class Paths extends FilePathWrapper {
        /** A path that leads nowhere yet. */
        public Paths() {}

        @Override
        public String getScheme() {
            return "faulty";
        }

        @Override
        public FileChannel open(String mode) throws IOException {
            Path path = Path.of(getBase().toString());
            Disk disk = DISKS.get(String.valueOf(path.getParent()));
            FileChannel channel = super.open(mode);
            if (disk == null) {
                return channel;
            }
            boolean watched = path.getFileName().toString().equals("sessions");
            if (watched) {
                disk.begin(Files.readAllBytes(path));
            }
            return new Channel(channel, disk, watched);
        }
    }

    private static final class Channel extends FileBase {
        private final FileChannel file;
        private final Disk disk;
        private final boolean watched;

        Channel(FileChannel file, Disk disk, boolean watched) {
            this.file = file;
            this.disk = disk;
            this.watched = watched;
        }

        @Override
        public int read(ByteBuffer to) throws IOException {
            return file.read(to);
        }

        @Override
        @SuppressWarnings("UnsynchronizedOverridesSynchronized") // of one thread
        public int read(ByteBuffer to, long at) throws IOException {
            return file.read(to, at);
        }

        @Override
        public int write(ByteBuffer from) {
            throw new UnsupportedOperationException();
        }

        @Override
        public synchronized int write(ByteBuffer from, long at) throws IOException {
            disk.beforeWrite();
            byte[] bytes = Arrays.copyOfRange(
                    from.array(), from.arrayOffset() + from.position(), from.arrayOffset() + from.limit());
            int count = file.write(from, at);
            if (watched) {
                disk.add(new Change(at, Arrays.copyOf(bytes, count), -1, 0));
            }
            return count;
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
            disk.beforeWrite();
            file.truncate(size);
            if (watched) {
                disk.add(new Change(-1, new byte[0], size, 0));
            }
            return this;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            int before = disk.changes();
            file.force(metaData);
            if (watched) {
                disk.add(new Change(-1, new byte[0], -1, before));
            }
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
