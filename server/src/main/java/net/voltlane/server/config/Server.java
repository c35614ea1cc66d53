package net.voltlane.server.config;

import java.util.Optional;

/** Section {@code server}: what this server is called among others. */
public final class Server extends Section<Server> {
    static final SectionKeys KEYS = new SectionKeys("server");

    private static final int MAX_NAME = 64;

    static final Key<String> NAME = KEYS.key(
            "name",
            Reload.AT_RESTART,
            new Words(MAX_NAME, true),
            "",
            "Name of this server among those that share a store with it, for people. Empty: the host's name and the port"
                    + " that clients connect to.");

    /** The name of this server in its fleet. Empty: the host's name and the port. */
    public String name() {
        return get(NAME);
    }

    /** A copy with another name: letters, digits and a few signs. */
    public Server withName(String name) {
        return with(NAME, name);
    }

    static final Key<Optional<Address>> ADVERTISE = KEYS.key(
            "advertise",
            Reload.AT_RESTART,
            new AddressOrNone(42_000, false),
            Optional.empty(),
            "Address under which clients reach this server and no other. Servers that drain name it to clients as a place"
                    + " to go to, and lists of servers show it. Empty: clients use the addresses that they know.");

    /** The address under which clients reach this server and no other; empty if there is none. */
    public Optional<Address> advertise() {
        return get(ADVERTISE);
    }

    /** A copy that names another address. */
    public Server withAdvertise(Optional<Address> advertise) {
        return with(ADVERTISE, advertise);
    }

    Server(Values values) {
        super(values);
    }

    @Override
    Server of(Values changed) {
        return new Server(changed);
    }
}
