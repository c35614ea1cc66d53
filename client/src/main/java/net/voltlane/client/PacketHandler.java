package net.voltlane.client;

/** Takes packets as they come; see {@link ClientBuilder#onData}. */
@FunctionalInterface
public interface PacketHandler {

    /**
     * A packet has come.
     *
     * @param client whose packet it is, for an answer
     * @param packet the payload, a fresh array that is the handler's own
     * @throws Exception whatever the program likes; it is logged, and the next packet comes
     */
    void handle(VoltlaneClient client, byte[] packet) throws Exception;
}
