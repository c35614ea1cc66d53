package net.voltlane.cli.relay;

import java.nio.ByteBuffer;

/** Listens to the bytes of one connection, as they are read from its ends. The buffers are to be consumed. */
interface Tap {

    /** Bytes came from the end that dialled. */
    void fromDialler(ByteBuffer bytes);

    /** Bytes came from the end that was dialled. */
    void fromDialled(ByteBuffer bytes);

    /** True if both ends have shaken hands, as far as can be seen. A cut before that cuts no traffic. */
    boolean isLive();
}
