package net.voltlane.client;

import net.voltlane.protocol.link3.Parameters;

/**
 * The server's terms for a link of version 3.
 *
 * @param parameters heartbeat, longest packet, waiting time
 * @param accepted how many packets of this client the server has read in all
 * @param received how many packets the client has said to have taken over
 */
record Terms(Parameters parameters, long accepted, long received) {}
