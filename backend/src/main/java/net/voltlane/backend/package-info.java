/**
 * The backend SDK: listens for the firehoses of connection servers, and hands each packet with its session to one
 * {@link net.voltlane.backend.Handler}.
 *
 * <p>Start reading at {@link net.voltlane.backend.VoltlaneBackend}, then {@link net.voltlane.backend.Handler} and
 * {@link net.voltlane.backend.Session}. Inside, a {@code Firehose} is one link with its two threads,
 * {@code FirehoseReader} and {@code FirehoseWriter}, and {@code SessionDirectory} knows which session belongs to which
 * firehose. {@code FirehoseVersion} is what the version of the protocol says: {@code Version2} with its {@code Outbox}, or
 * {@code Version3}, whose {@code KnownServer} outlives its links. {@code docs/BACKEND.md} is a guide with examples.
 */
@NullMarked
package net.voltlane.backend;

import org.jspecify.annotations.NullMarked;
