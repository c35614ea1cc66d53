/**
 * The client SDK: sends and receives packets in a session, and resumes that session by itself when its link breaks.
 *
 * <p>To use it, start reading at {@link net.voltlane.client.VoltlaneClient}; {@code docs/CLIENT.md} has examples. To
 * change it, start at {@code ConnectionSupervisor}: the thread that dials, does the handshake, reads, and dials again.
 */
@NullMarked
package net.voltlane.client;

import org.jspecify.annotations.NullMarked;
