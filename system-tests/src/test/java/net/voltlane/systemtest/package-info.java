/**
 * Black-box tests: a real server process, real sockets, peers of which the test says every byte. Each rule of the
 * protocol's sections 3 to 6 has a test here that fails when the rule is broken. Start reading at
 * {@link net.voltlane.systemtest.World}; for random faults under load, at {@link net.voltlane.systemtest.Fleet}.
 */
@NullMarked
package net.voltlane.systemtest;

import org.jspecify.annotations.NullMarked;
