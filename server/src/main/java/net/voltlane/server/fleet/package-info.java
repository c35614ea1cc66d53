/**
 * The servers that share a store: how a server tells the others of itself, and what it knows of them. Knows the store and
 * the guard, and neither sessions nor links.
 */
@NullMarked
package net.voltlane.server.fleet;

import org.jspecify.annotations.NullMarked;
