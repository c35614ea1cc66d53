/** Keys, challenges and answers of the resume proof. Internal: exported to Voltlane's own modules only. */
@SuppressWarnings("module") // those that it is exported to are built later
module net.voltlane.proof {
    requires static transitive org.jspecify;

    exports net.voltlane.proof to
            net.voltlane.admin,
            net.voltlane.bench,
            net.voltlane.cli,
            net.voltlane.client,
            net.voltlane.server;
}
