package net.voltlane.testkit.cuts;

import net.voltlane.testkit.Direction;

/**
 * The place at which a link was cut: behind so many bytes of a frame of this type and length.
 *
 * @param offset bytes of the frame that passed, 1 to {@code frameBytes}
 * @param frameBytes the frame's length with its prefix
 */
public record CutPlace(Direction direction, int type, long offset, long frameBytes) {}
