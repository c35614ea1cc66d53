package net.voltlane.server.edge;

/** Version 2 on links. Keeps nothing, so one object serves all links of all loops. */
final class Version2Link extends Version2Frames {
    static final LinkProtocol INSTANCE = new Version2Link();

    private Version2Link() {}

    /** Version 2 on one more link: that object, or one of its own where packets are counted for the master. */
    static LinkProtocol of(LoopQueues queues) {
        return queues.masterAcknowledges() ? new CountedVersion2Link() : INSTANCE;
    }
}
