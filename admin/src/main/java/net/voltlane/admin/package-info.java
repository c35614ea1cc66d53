/**
 * The admin server: metrics, health, an API and a dashboard over HTTP, beside a connection server and on a thread of its
 * own.
 */
@NullMarked
package net.voltlane.admin;

import org.jspecify.annotations.NullMarked;
