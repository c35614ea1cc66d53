package net.voltlane.cli;

import net.voltlane.server.config.Address;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An address on the command line. */
class AddressConverter implements ITypeConverter<Address> {
    private static final String IP = "host:port, such as 127.0.0.1:42000 or [::1]:42000";

    private final boolean mayBeUnix;
    private final boolean isDialled;

    /** An address of IP to listen on. */
    AddressConverter() {
        this(false, false);
    }

    private AddressConverter(boolean mayBeUnix, boolean isDialled) {
        this.mayBeUnix = mayBeUnix;
        this.isDialled = isDialled;
    }

    @Override
    public Address convert(String text) {
        Address address;
        try {
            address = Address.parse(text);
        } catch (IllegalArgumentException e) {
            throw expected(text);
        }
        // Port 0 stands for any free port when listening, and can't be dialled.
        if (address.isUnix() ? !mayBeUnix : isDialled && address.port() == 0) {
            throw expected(text);
        }
        return address;
    }

    private TypeConversionException expected(String text) {
        String expected = mayBeUnix ? IP + ", or a Unix socket, such as unix:/run/voltlane.sock" : IP;
        return new TypeConversionException("'" + text + "' (expected: " + expected + ")");
    }

    /** An address to listen on, which may be a Unix socket. */
    static final class Listened extends AddressConverter {
        Listened() {
            super(true, false);
        }
    }

    /** The address of a backend, which may be a Unix socket. */
    static final class Master extends AddressConverter {
        Master() {
            super(true, true);
        }
    }

    /** An address of IP that can be dialled. */
    static final class Dialled extends AddressConverter {
        Dialled() {
            super(false, true);
        }
    }
}
