package net.voltlane.cli.ctl;

import net.voltlane.server.config.Address;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The address of an admin server on the command line: {@code host:port} or {@code http://host:port}. */
final class AdminAddress implements ITypeConverter<Address> {
    private static final String SCHEME = "http://";

    @Override
    public Address convert(String text) {
        String rest = text.startsWith(SCHEME) ? text.substring(SCHEME.length()) : text;
        rest = rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
        try {
            Address address = Address.parse(rest);
            if (address.port() != 0) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new TypeConversionException(
                "'" + text + "' (expected: host:port or http://host:port, such as 127.0.0.1:42002)");
    }
}
