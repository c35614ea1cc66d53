/** Tests of the generator, and of the real site that it makes: {@link net.voltlane.site.RealSiteTest}. */
@NullMarked
package net.voltlane.site;

import org.jspecify.annotations.NullMarked;
