/**
 * Benchmarks of the cost of a packet inside the server, in nanoseconds and in bytes of garbage, without a kernel. Start
 * at {@link net.voltlane.jmh.WholeWayBenchmark}; {@link net.voltlane.jmh.InMemoryServer} is what it runs on.
 *
 * <p>All of them, at leisure, as a table (minutes; any of JMH's options may stand in {@code jmh.args}):
 *
 * <pre>
 *  mvn -q -B -ntp -Pjmh verify -pl jmh -am -DskipTests -Djmh.args="WholeWay -p payloadBytes=64,1000 -prof gc"
 * </pre>
 *
 * The last iteration ends with the end of the server, whose garbage is counted as well.
 *
 * <p>A plain {@code mvn verify} runs them briefly, and fails where a packet below 1 KiB leaves a byte of garbage.
 */
@NullMarked
package net.voltlane.jmh;

import org.jspecify.annotations.NullMarked;
