/** The SDK for backends. */
module net.voltlane.backend {
    requires transitive net.voltlane.protocol;
    requires net.voltlane.tcp;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports net.voltlane.backend;
}
