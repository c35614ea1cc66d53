/**
 * The whole server in a world of one seed: sessions, both ports and the reconnect logic on loops that run when chance
 * has it, with sockets, clients, strangers, a master and a clock of the world's own. Start at
 * {@link net.voltlane.server.simulation.World}; the rules stand in {@link net.voltlane.server.simulation.ProtocolModel},
 * {@link net.voltlane.server.simulation.SessionModel}, {@link net.voltlane.server.simulation.QuietRules},
 * {@link net.voltlane.server.simulation.LimitRules} and {@link net.voltlane.server.simulation.Patience}.
 */
@NullMarked
package net.voltlane.server.simulation;

import org.jspecify.annotations.NullMarked;
