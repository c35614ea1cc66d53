/**
 * Certificates and keys from PEM files, by means of the JDK only, for both SDKs and the server. Start at
 * {@link net.voltlane.tcp.pem.PemFiles}. Internal to the project.
 */
@NullMarked
package net.voltlane.tcp.pem;

import org.jspecify.annotations.NullMarked;
