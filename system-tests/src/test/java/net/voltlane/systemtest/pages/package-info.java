/**
 * Tests of the pages: every command and every snippet in them is run, or says why it is not. Start at
 * {@link net.voltlane.systemtest.pages.PagesTest}.
 */
@NullMarked
package net.voltlane.systemtest.pages;

import org.jspecify.annotations.NullMarked;
