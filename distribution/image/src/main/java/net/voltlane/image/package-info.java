/**
 * The program that writes the container image, from folders that {@code src/layers.sh} has filled. It needs neither a
 * daemon nor a base image. Start reading at {@link net.voltlane.image.ImageBuild}.
 *
 * <p>Jib has no say in this: it sets neither a stop signal nor a health check.
 */
@NullMarked
package net.voltlane.image;

import org.jspecify.annotations.NullMarked;
