package net.voltlane.client;

/** A handler that is given packets as they come; see {@link ClientBuilder#onData}. */
@FunctionalInterface
public interface PacketHandler {

    /**
     * Handles one packet.
     *
     * @param client the client that received it, for an answer
     * @param packet the payload, a fresh array that the handler may keep
     * @throws Exception any exception; it is logged, and the next packet is handled
     */
    void handle(VoltlaneClient client, byte[] packet) throws Exception;
}
