package net.voltlane.cli;

import net.voltlane.server.config.Address;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An address on the command line. */
class AddressConverter implements ITypeConverter<Address> {

    @Override
    public Address convert(String text) {
        try {
            return Address.parse(text);
        } catch (IllegalArgumentException e) {
            throw expected(text);
        }
    }

    private static TypeConversionException expected(String text) {
        return new TypeConversionException(
                "'" + text + "' (expected: host:port, such as 127.0.0.1:42000 or [::1]:42000)");
    }

    /** An address that can be dialled: without port 0, which stands for any free port when listening. */
    static final class Dialled extends AddressConverter {

        @Override
        public Address convert(String text) {
            Address address = super.convert(text);
            if (address.port() == 0) {
                throw expected(text);
            }
            return address;
        }
    }
}
