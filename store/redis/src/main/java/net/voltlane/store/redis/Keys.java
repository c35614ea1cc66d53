package net.voltlane.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Names of keys and channels. All begin with {@code store.prefix}. */
final class Keys {
    private final String prefix;

    Keys(String prefix) {
        this.prefix = prefix;
    }

    /** The record of a session. */
    byte[] session(long id) {
        return bytes(":s:" + id);
    }

    /**
     * The key that is written to see whether Redis takes writes.
     *
     * @param besides a key that is in the same node of a cluster
     */
    byte[] probe(byte[] besides) {
        return bytes(":probe:{" + new String(besides, UTF_8) + "}");
    }

    byte[] identity() {
        return bytes(":identity");
    }

    byte[] members() {
        return bytes(":members");
    }

    byte[] bans() {
        return bytes(":bans");
    }

    /** The key of what one owner has left for the next one. */
    byte[] handOver(long id, long epoch) {
        return bytes(":h:" + id + ":" + epoch);
    }

    /** The beginning of the channels on which owners hear of claims. The owner's name is behind it. */
    byte[] claimedChannels() {
        return bytes(":claimed:");
    }

    byte[] claimedChannel(String owner) {
        return bytes(":claimed:" + owner);
    }

    byte[] handOverChannel() {
        return bytes(":handed");
    }

    byte[] banChannel() {
        return bytes(":banned");
    }

    private byte[] bytes(String rest) {
        return (prefix + rest).getBytes(UTF_8);
    }
}
