/**
 * What the operator may set, as plain immutable records; and how a file, {@code .env}, the environment and flags become
 * one of them, with every mistake named at once. Start at {@link net.voltlane.server.config.ServerConfig}.
 */
@NullMarked
package net.voltlane.server.config;

import org.jspecify.annotations.NullMarked;
