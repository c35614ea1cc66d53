/**
 * The backend's side of Voltlane: listens for the connection servers' firehoses, and hands each packet to one
 * {@link net.voltlane.backend.Handler} with the session that it belongs to.
 *
 * <p>Start reading at {@link net.voltlane.backend.VoltlaneBackend}, then {@link net.voltlane.backend.Handler} and
 * {@link net.voltlane.backend.Session}. Inside, {@code Firehose} is one link with its two threads,
 * {@code FirehoseReader} and {@code Outbox} are its two directions, and {@code SessionDirectory} knows which session
 * belongs to which. A guide with examples is {@code docs/BACKEND.md}.
 */
@NullMarked
package net.voltlane.backend;

import org.jspecify.annotations.NullMarked;
