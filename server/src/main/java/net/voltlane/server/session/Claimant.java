package net.voltlane.server.session;

/**
 * A link whose client has proved itself, and claims a session of another server.
 *
 * @param received as {@link ClientPort#received}; the link itself may be gone when it is needed
 * @param kept as {@link ClientPort#kept}
 */
record Claimant(ClientPort port, FoundRecord record, long received, long kept, LinkOrigin origin) {
    static Claimant of(ClientPort port, FoundRecord record) {
        return new Claimant(port, record, port.received(), port.kept(), port.origin());
    }

    /** The counts for the master; 0 where the client's version has none. */
    static MasterPort.Adopting counts(ClientProtocol protocol, long received, long kept) {
        return protocol == Version3.PROTOCOL
                ? new MasterPort.Adopting(kept, received + 1)
                : new MasterPort.Adopting(0, 0);
    }
}
