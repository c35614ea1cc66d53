package net.voltlane.cli.demo;

import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.util.SplittableRandom;

/**
 * The objects that all clients share.
 *
 * @param server where the connection server listens
 * @param selector what their sockets are registered with
 * @param backend speaks to clients of its own accord
 * @param tally what happened
 * @param secureRandom for keys and proofs
 * @param random for everything else
 */
record Stage(
        InetSocketAddress server,
        Selector selector,
        DemoClient.Backend backend,
        Tally tally,
        SecureRandom secureRandom,
        SplittableRandom random) {}
