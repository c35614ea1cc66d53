/**
 * Parts that links to all kinds of peers share: reading into a shared buffer ({@link
 * net.voltlane.server.link.SharedBuffer}), handing frames from loop to loop ({@link net.voltlane.server.link.LoopQueue}),
 * sending without losing what the socket does not take ({@link net.voltlane.server.link.SendQueue}), closing without
 * destroying what was just sent ({@link net.voltlane.server.link.LingeringClose}). Start at {@code LoopQueue}.
 */
@NullMarked
package net.voltlane.server.link;

import org.jspecify.annotations.NullMarked;
