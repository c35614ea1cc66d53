package net.voltlane.server.config;

import java.util.Optional;

/**
 * Section {@code admin}: the HTTP server for metrics, health, the API and the dashboard. It belongs to the program that
 * runs the connection server.
 */
public final class Admin extends Section<Admin> {
    static final SectionKeys KEYS = new SectionKeys("admin");

    static final Key<Optional<Address>> ADDRESS = KEYS.key(
            "address",
            Reload.AT_RESTART,
            new OptionalAddress(),
            Optional.of(new Address("127.0.0.1", 42_002)),
            "Address of the HTTP server for metrics, health checks, the API and the dashboard. Port 0 picks a free port."
                    + " Empty: there is none.");

    /** The address to listen on for HTTP; port 0 takes any free port. Empty: nothing listens. */
    public Optional<Address> address() {
        return get(ADDRESS);
    }

    /** A copy with another address. */
    public Admin withAddress(Optional<Address> address) {
        return with(ADDRESS, address);
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
