/** The client SDK. */
module net.voltlane.client {
    requires net.voltlane.proof;
    requires net.voltlane.protocol;
    requires net.voltlane.tcp;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports net.voltlane.client;
}
