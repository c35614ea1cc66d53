/**
 * Links of version 3 that are cut at every byte. A server, clients and a backend run in one process, with relays on both
 * sides of the server. In a {@link net.voltlane.systemtest.cuts.CutStage} the peers are scripted ones, which count and judge
 * every packet, see {@link net.voltlane.testkit.version3}, or the backend SDK. {@link
 * net.voltlane.systemtest.cuts.SdkCutStage} has both SDKs. {@link net.voltlane.systemtest.cuts.JudgeTest} shows that a lost
 * packet is found.
 */
@NullMarked
package net.voltlane.systemtest.cuts;

import org.jspecify.annotations.NullMarked;
