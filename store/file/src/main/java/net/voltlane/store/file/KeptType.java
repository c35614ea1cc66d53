package net.voltlane.store.file;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/**
 * The bytes of a record in the file: a checksum, then id, epoch, owner and the sealed part. H2 has checksums for the ends of
 * what it writes at once, but none for what lies between, which a power cut may have left unwritten.
 */
final class KeptType extends BasicDataType<Kept> {
    static final KeptType INSTANCE = new KeptType();
    /** Object headers and references, roughly. */
    private static final int OVERHEAD_BYTES = 64;

    private KeptType() {}

    @Override
    public int getMemory(Kept kept) {
        return OVERHEAD_BYTES + kept.owner().length() + kept.sealed().length;
    }

    @Override
    public void write(WriteBuffer out, Kept kept) {
        byte[] owner = kept.owner().getBytes(StandardCharsets.UTF_8);
        out.putInt(checksum(kept.id(), kept.epoch(), owner, kept.sealed()));
        out.putVarLong(kept.id());
        out.putVarLong(kept.epoch());
        out.putVarInt(owner.length).put(owner);
        out.putVarInt(kept.sealed().length).put(kept.sealed());
    }

    @Override
    public Kept read(ByteBuffer in) {
        int checksum = in.getInt();
        long id = DataUtils.readVarLong(in);
        long epoch = DataUtils.readVarLong(in);
        byte[] owner = bytes(in);
        byte[] sealed = bytes(in);
        if (checksum != checksum(id, epoch, owner, sealed)) {
            throw damaged();
        }
        return new Kept(id, epoch, new String(owner, StandardCharsets.UTF_8), sealed);
    }

    @Override
    public Kept[] createStorage(int size) {
        return new Kept[size];
    }

    private static byte[] bytes(ByteBuffer in) {
        int length = DataUtils.readVarInt(in);
        if (length < 0 || length > in.remaining()) {
            throw damaged();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static RuntimeException damaged() {
        return DataUtils.newMVStoreException(DataUtils.ERROR_FILE_CORRUPT, "a record is damaged");
    }

    private static int checksum(long id, long epoch, byte[] owner, byte[] sealed) {
        CRC32C sum = new CRC32C();
        sum.update(
                ByteBuffer.allocate(2 * Long.BYTES).putLong(id).putLong(epoch).flip());
        sum.update(owner);
        sum.update(sealed);
        return (int) sum.getValue();
    }
}
