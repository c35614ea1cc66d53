/** Tests of the files in {@code deploy} for containers: they agree with the server, the image, and each other. */
@NullMarked
package net.voltlane.systemtest.deploy;

import org.jspecify.annotations.NullMarked;
