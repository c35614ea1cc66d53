package net.voltlane.bench.load;

import net.voltlane.proof.InvalidKeyException;
import net.voltlane.protocol.MalformedPacketException;

/**
 * A client's half of one protocol version: how a session is opened and resumed, and what stands around its messages. It
 * outlives the links of its client. Belongs to its loop.
 */
interface Dialect {

    /** {@link #message}: the frame holds no message. */
    int NONE = -1;

    /** True if there is a session to come back to. */
    boolean hasSession();

    /** Forgets the session. */
    void forget();

    /** The first bytes on a new link. They resume the session if there is one, and open one otherwise. */
    byte[] hello();

    /** The size of the largest frame that the server may send before the session is live. */
    int maxHandshakeFrameBytes();

    /**
     * Takes a frame of the handshake.
     *
     * @return true if the session is live now
     * @throws LinkFaultException if the frame has no place here, or refuses the session
     */
    boolean take(Link from, byte[] payload) throws LinkFaultException, MalformedPacketException, InvalidKeyException;

    /**
     * Looks at a frame of a live session.
     *
     * @return the place of the message in {@code bytes}, which ends with the frame, or {@link #NONE}
     * @throws LinkFaultException if the frame breaks the protocol, or is the server's last
     */
    int message(byte[] bytes, int at, int length) throws LinkFaultException;

    /** Number of messages, the last that were sent, which the server has not read and are to be sent again. */
    default int unread() {
        return 0;
    }

    /**
     * Hears that messages are about to be sent, and adds what goes out with them.
     *
     * @param count number of messages
     * @param out has {@link Dialect3#ACK_FRAME_BYTES} of room behind {@code length}
     * @param length number of bytes in {@code out} so far
     * @return number of bytes that are to be sent
     */
    default int sending(int count, byte[] out, int length) {
        return length;
    }

    /** All of one read was looked at, and answered. */
    default void readComplete(Link link) {}

    /** Called every {@link LoadLoop#SWEEP_MILLIS} while the session is live. */
    default void sweep(Link link) {}
}
