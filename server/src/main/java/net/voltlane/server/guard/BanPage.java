package net.voltlane.server.guard;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of bans. A ban that stands while all pages are turned is on exactly one of them.
 *
 * @param next where the next page begins, for {@link Bans#page}; null: this was the last
 */
public record BanPage(List<Ban> bans, Ban.@Nullable Place next) {}
