/**
 * A chat for terminals, as an example of both SDKs. Start at {@link net.voltlane.examples.chat.Room}, the backend's
 * side, and {@link net.voltlane.examples.chat.ChatClient}, the client's; {@code ChatServer} and {@code ChatTerminal}
 * make programs of them, and {@code Message} is what they agree on.
 */
@NullMarked
package net.voltlane.examples.chat;

import org.jspecify.annotations.NullMarked;
