/** Sockets and certificates, as both SDKs and the server need them. Internal: exported to Voltlane's own modules only. */
@SuppressWarnings("module") // those that it is exported to are built later
module net.voltlane.tcp {
    requires static transitive org.jspecify;

    exports net.voltlane.tcp to
            net.voltlane.backend,
            net.voltlane.bench,
            net.voltlane.client;
    exports net.voltlane.tcp.pem to
            net.voltlane.backend,
            net.voltlane.bench,
            net.voltlane.client,
            net.voltlane.server;
    exports net.voltlane.tcp.unix to
            net.voltlane.backend,
            net.voltlane.client,
            net.voltlane.server;
}
