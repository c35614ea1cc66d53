package net.voltlane.bench.load;

/** The current task of a loop's clients. All methods are called on the loop. */
interface Duty {

    /** Clients hold still. */
    Duty NONE = new Duty() {};

    /** A client's session was opened or resumed. */
    default void ready(Client client, long nowNanos) {}

    /** The message with this number came, and was as it should be. */
    default void received(Client client, int sequence, long nowNanos) {}

    /** Something else came than should have, and was counted. */
    default void wrong(Client client) {}

    /** All of one read was looked at. */
    default void readComplete(Client client, long nowNanos) {}

    /** The link can take more, after it could not. */
    default void writable(Client client) {}

    /** The client has lost its link, or never got it, unasked. */
    default void gone(Client client) {}

    /** No more is begun; what is under way goes on. */
    default void stop(long nowNanos) {}
}
