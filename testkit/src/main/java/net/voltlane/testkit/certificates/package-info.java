/**
 * Certificates for tests, made in memory at run time. Start at {@link
 * net.voltlane.testkit.certificates.TestAuthority}.
 */
@NullMarked
package net.voltlane.testkit.certificates;

import org.jspecify.annotations.NullMarked;
