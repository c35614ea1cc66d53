package net.voltlane.server.link;

/**
 * The states of a {@link SendQueue}. It begins as GATHERING with a channel, and as DETACHED without.
 *
 * <pre>
 *                              ┌─send: all taken─┐
 *                              └────► IDLE ──────┘
 *                                     │  ▲
 *                 add, or send: taken │  │ flush: all is taken
 *                 in part             ▼  │
 *               ┌─────────────────► GATHERING
 *               │                     │  ▲
 *               │     flush, or send: │  │ the offer is taken
 *               │       taken in part ▼  │ (and the flush that follows)
 *               │                   BACKLOGGED ◄──attach, if frames wait──┐
 *               │                                                        │
 *               └──attach, if nothing waits── DETACHED ──────────────────┘
 *                                                ▲
 *   each of the other three ──takeBack, detach───┘
 * </pre>
 */
enum SendState {
    /** There is no channel. Frames are copied, counted and charged. */
    DETACHED,
    /** The socket has not taken what it was offered. Frames are copied, counted and charged. */
    BACKLOGGED,
    /** Frames wait for the flush. Also a new queue, whose channel may still have a handshake's answer to write. */
    GATHERING,
    /** Nothing waits, here or with the channel: the next frames may go straight to the socket. */
    IDLE
}
