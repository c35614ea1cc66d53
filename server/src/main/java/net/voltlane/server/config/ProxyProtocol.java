package net.voltlane.server.config;

/**
 * The choice whether connections begin with a header of the PROXY protocol. There is no third choice, "if there is
 * one": a client that connects directly could then claim any address.
 */
public enum ProxyProtocol {
    /** They come from the clients themselves; a header is a fault. */
    OFF,
    /** They come from trusted proxies only, and each begins with one. */
    ON
}
