package net.voltlane.server.config;

import java.util.List;
import java.util.Optional;

/**
 * Section {@code admin}: the HTTP server for metrics, health, the API and the dashboard. It belongs to the program that
 * runs the connection server.
 */
public final class Admin extends Section<Admin> {
    static final SectionKeys KEYS = new SectionKeys("admin");

    static final Key<AdminAddress> ADDRESS = KEYS.key(
            "address",
            Reload.AT_RESTART,
            new OptionalAddress(),
            new AdminAddress(Optional.of(new Address("127.0.0.1", 42_002)), false),
            "Address of the HTTP server for metrics, health checks, the API and the dashboard. Port 0 picks a free port."
                    + " Empty: there is none. If the default port is taken, the server starts without it; if another one"
                    + " is, it does not start.");

    /** The address to listen on for HTTP; port 0 takes any free port. Empty: nothing listens. */
    public Optional<Address> address() {
        return get(ADDRESS).address();
    }

    /**
     * Tells what happens if the address is taken. True: the server does not start. False: it runs without an admin
     * server.
     */
    public boolean addressRequired() {
        return get(ADDRESS).required();
    }

    /** A copy with another address, which is required unless it is empty. */
    public Admin withAddress(Optional<Address> address) {
        return with(ADDRESS, new AdminAddress(address, address.isPresent()));
    }

    static final Key<List<String>> HOSTS = KEYS.key(
            "hosts",
            Reload.AT_RESTART,
            new HostNames(),
            List.of(),
            "Host names by which browsers and other programs may call the HTTP server, such as that of a web proxy in front"
                    + " of it. Addresses and localhost need no entry. Requests for any other name are refused.");

    /** The names that a request may call the HTTP server by, beside addresses and {@code localhost}; in lower case. */
    public List<String> hosts() {
        return get(HOSTS);
    }

    /** A copy with other names, in lower case. */
    public Admin withHosts(List<String> hosts) {
        return with(HOSTS, List.copyOf(hosts));
    }

    static final Key<KeyPath> TOKEN_FILE = KEYS.key(
            "token_file",
            Reload.AT_RESTART,
            new OptionalPath(),
            new KeyPath("admin.token", false),
            "File with the token that the API wants for changes, and from other machines for reading too. Created at the first"
                    + " start, for its owner only. A relative path in a configuration file starts at the folder of that"
                    + " file. Empty: there is no token, so nothing can be changed, and only this machine can read.");

    /** The file with the token, relative to the working directory. Empty: there is no token. */
    public String tokenFile() {
        return get(TOKEN_FILE).path();
    }

    /**
     * Tells what happens if the token file is missing and cannot be created. True: the server does not start. False: it
     * runs without a token.
     */
    public boolean tokenFileRequired() {
        return get(TOKEN_FILE).required();
    }

    /** A copy with another token file, which is required unless the path is empty. */
    public Admin withTokenFile(String tokenFile) {
        return with(TOKEN_FILE, new KeyPath(tokenFile, !tokenFile.isEmpty()));
    }

    Admin(Values values) {
        super(values);
    }

    @Override
    Admin of(Values changed) {
        return new Admin(changed);
    }
}
