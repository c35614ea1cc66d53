package net.voltlane.server;

import io.netty.channel.ChannelFactory;
import io.netty.channel.ServerChannel;
import java.net.SocketAddress;

/**
 * The means to listen on an address.
 *
 * @param channels makes the listening channel
 * @param address the address in the form that these channels take
 */
record ListeningSocket(ChannelFactory<? extends ServerChannel> channels, SocketAddress address) {}
