package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;

/**
 * The records that a channel's codec makes of frames, for transports whose records need not pass the pipeline. A record is
 * made once: what the socket does not take of it stays with the codec. Belongs to the channel's loop.
 */
public interface RecordShape {
    /** True while the channel takes records past its pipeline: the codec has nothing to write before them. */
    boolean isClear();

    /**
     * Makes one record of whole frames, {@code length} bytes from {@code index} on, which stay the caller's.
     *
     * @param length at most {@link Transport#maxRecordBytes}
     * @param to has room for any record
     * @return false if it can't be made; the pipeline finds out why
     */
    boolean shape(ByteBuf frames, int index, int length, ByteBuf to);

    /**
     * Takes the rest of the record that was made last, of which the socket has taken only a part. The frames in it are
     * the first of those that pass the pipeline next.
     *
     * @param rest now the codec's
     * @param plainBytes the length of these frames
     */
    void begun(ByteBuf rest, int plainBytes);
}
