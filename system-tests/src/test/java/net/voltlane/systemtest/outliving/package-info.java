/**
 * Sessions that outlive their server: real servers that are killed, stopped and paused under the traffic of both SDKs. Start
 * reading at {@link net.voltlane.systemtest.outliving.OutlivingTest}; what the others share is in {@code Scene}.
 */
@NullMarked
package net.voltlane.systemtest.outliving;

import org.jspecify.annotations.NullMarked;
