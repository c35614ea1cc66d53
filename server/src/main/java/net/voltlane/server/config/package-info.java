/**
 * The settings of an operator as immutable values, and the way from a file, {@code .env}, the environment and flags to
 * them, with every mistake named at once. Each setting is declared in the class of its section. Start at
 * {@link net.voltlane.server.config.ServerConfig}.
 */
@NullMarked
package net.voltlane.server.config;

import org.jspecify.annotations.NullMarked;
