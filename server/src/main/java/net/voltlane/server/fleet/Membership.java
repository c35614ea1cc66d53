package net.voltlane.server.fleet;

import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import net.voltlane.server.store.Fleet;

/**
 * The place of this server in its fleet: tells the others of itself each second, and learns of them. {@link #beat} and {@link
 * #leave} belong to one thread; what is known of the others can be read on any.
 */
public final class Membership {
    /** The time between two beats. */
    public static final long BEAT_MILLIS = 1_000;
    /** A server that was silent for this long is taken for dead: five beats, so that a lost one means nothing. */
    static final long KEEP_MILLIS = 5_000;

    private final Fleet fleet;
    private final Supplier<FleetMember> self;
    private final String owner;
    private final String fingerprint;
    private final Consumer<String> onOtherKey;
    private volatile boolean isIdentityKnown;
    private volatile boolean isAsking;
    private volatile List<FleetMember> members = List.of();

    /**
     * @param owner the name of this process
     * @param fingerprint the short name of this server's key
     * @param self describes this server as it is now; called by {@link #beat}
     * @param onOtherKey gets the short name of the fleet's key, if that is another one; on a thread of the store's
     */
    public Membership(
            Fleet fleet, String owner, String fingerprint, Supplier<FleetMember> self, Consumer<String> onOtherKey) {
        this.fleet = fleet;
        this.owner = owner;
        this.fingerprint = fingerprint;
        this.onOtherKey = onOtherKey;
        this.self = self;
    }

    /** Tells of this server, and asks for the others. To be called each {@link #BEAT_MILLIS}. */
    public void beat() {
        if (!isIdentityKnown) {
            askForIdentity();
        }
        fleet.beat(owner, self.get().entry(), KEEP_MILLIS);
        if (!isAsking) {
            isAsking = true;
            fleet.members().whenComplete((found, failure) -> {
                isAsking = false;
                if (found != null) {
                    members = found.stream()
                            .map(member -> FleetMember.read(member.owner(), member.entry()))
                            .sorted(Comparator.comparing(FleetMember::name).thenComparing(FleetMember::owner))
                            .toList();
                }
            });
        }
    }

    /** Without an answer, the next beat asks again: the store may have been away at the start. */
    private void askForIdentity() {
        fleet.identity(fingerprint).thenAccept(theirs -> {
            isIdentityKnown = true;
            if (!theirs.equals(fingerprint)) {
                onOtherKey.accept(theirs);
            }
        });
    }

    /** Tells that this server is going. */
    public void leave() {
        fleet.leave(owner);
    }

    /** All servers as they were known last, this one included, by name. While the store is away, as they were before. */
    public List<FleetMember> members() {
        return members;
    }

    /** True if the server with this process was there lately. */
    public boolean isThere(String process) {
        return members.stream().anyMatch(member -> member.owner().equals(process));
    }

    /** The addresses of the other servers that clients of this one can go to; none if none is known. */
    public List<String> elsewhere() {
        return members.stream()
                .filter(member -> !member.owner().equals(owner) && !member.isDraining() && member.isBackendUp())
                .map(FleetMember::advertise)
                .filter(address -> !address.isEmpty())
                .toList();
    }
}
