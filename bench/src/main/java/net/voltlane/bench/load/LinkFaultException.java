package net.voltlane.bench.load;

/** A reason why a link is of no use, for people. It has no stack trace. */
final class LinkFaultException extends Exception {

    private static final long serialVersionUID = 1;

    LinkFaultException(String message) {
        super(message, null, false, false);
    }
}
