/**
 * The client's end of a WebSocket connection, byte by byte: {@link net.voltlane.testkit.websocket.ClientFrames} writes
 * whatever a test says, and {@link net.voltlane.testkit.websocket.ServerBytes} reads what came, strictly.
 */
@NullMarked
package net.voltlane.testkit.websocket;

import org.jspecify.annotations.NullMarked;
