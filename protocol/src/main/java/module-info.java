/**
 * The wire format that all programs of Voltlane share. Applications meet {@link net.voltlane.protocol.Reason} and
 * {@link net.voltlane.protocol.CloseCode} of it; the packets of version 3 are exported to Voltlane's own modules only.
 */
@SuppressWarnings("module") // those that it is exported to are built later
module net.voltlane.protocol {
    requires static transitive org.jspecify;

    exports net.voltlane.protocol;
    exports net.voltlane.protocol.firehose3 to
            net.voltlane.backend,
            net.voltlane.bench,
            net.voltlane.cli,
            net.voltlane.server;
    exports net.voltlane.protocol.link3 to
            net.voltlane.bench,
            net.voltlane.cli,
            net.voltlane.client,
            net.voltlane.server;
}
