package net.voltlane.server.store;

/**
 * Facts about a store.
 *
 * @param kind the store's kind, as {@code store.kind} names it
 * @param place where it is, for people, without a password
 * @param records the number of records; -1 if the store can't tell
 * @param bytes the bytes that the store takes on its disk or in its memory; -1 if it can't tell
 */
public record StoreFacts(String kind, String place, long records, long bytes) {}
