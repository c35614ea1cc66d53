package net.voltlane.server.edge;

import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of the handshake over an edge with a manual clock and recorded links. */
@ExtendWith(LeakCheck.class)
abstract class HandshakeCase {
    EdgeHarness harness = new EdgeHarness();

    @AfterEach
    void close() {
        harness.close();
    }
}
