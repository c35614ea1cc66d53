/**
 * A chat for terminals, as an example of both SDKs. Start at {@link net.voltlane.examples.chat.Room}, the backend's
 * side, and {@link net.voltlane.examples.chat.ChatClient}, the client's side. {@code ChatServer} and
 * {@code ChatTerminal} are the programs, and {@code Event} is the format of a packet from the backend.
 */
@NullMarked
package net.voltlane.examples.chat;

import org.jspecify.annotations.NullMarked;
