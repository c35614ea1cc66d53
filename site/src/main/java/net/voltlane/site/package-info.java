/**
 * The generator of the documentation site: start at {@link net.voltlane.site.SiteBuild}. It reads the pages of the
 * project that {@code navigation.txt} lists, checks every link, and writes HTML, a search index and the files that pages
 * link to. The same pages give the same bytes.
 */
@NullMarked
package net.voltlane.site;

import org.jspecify.annotations.NullMarked;
