package net.voltlane.testkit;

/**
 * The end of a link, and the bytes that came before it.
 *
 * @param rest the bytes that came before the end
 * @param orderly true: the peer's FIN; false: a reset, which may have destroyed bytes that were on their way
 */
public record Closing(byte[] rest, boolean orderly) {
    @Override
    public String toString() {
        return (orderly ? "FIN" : "RST") + " after " + rest.length + " more bytes";
    }
}
