package net.voltlane.server.config;

import java.util.Optional;

/**
 * The place of the admin server.
 *
 * @param address empty: there is no admin server
 * @param required true if the program must not start where it can't listen there
 */
record AdminAddress(Optional<Address> address, boolean required) {}
