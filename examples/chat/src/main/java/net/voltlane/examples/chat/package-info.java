/**
 * A chat for terminals and browsers, as an example of the SDKs. Start at {@link net.voltlane.examples.chat.Room}, the backend's
 * side, and {@link net.voltlane.examples.chat.ChatClient}, the client's side. {@code ChatServer},
 * {@code ChatTerminal} and {@code ChatPage} are the programs, and {@code Event} is the format of a packet from the backend.
 */
@NullMarked
package net.voltlane.examples.chat;

import org.jspecify.annotations.NullMarked;
