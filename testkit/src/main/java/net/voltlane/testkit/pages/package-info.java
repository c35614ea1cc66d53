/**
 * The pages of the project, README and docs, as tests see them: start at {@link net.voltlane.testkit.pages.Page}. What
 * tests hold of them stands in {@code CONTRIBUTING.md}.
 */
@NullMarked
package net.voltlane.testkit.pages;

import org.jspecify.annotations.NullMarked;
