/** Tests that hold the pages about the protocol against the codecs. */
@NullMarked
package net.voltlane.protocol.document;

import org.jspecify.annotations.NullMarked;
