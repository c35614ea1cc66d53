package net.voltlane.server.config;

/**
 * Everything that an operator may set. The records check nothing: the loader lets only valid values through,
 * and code that embeds the server is trusted to keep to the ranges written at each component.
 *
 * @param general logging
 * @param listener the side that clients connect to
 * @param master the backend that the server dials
 * @param clients what is kept for clients
 * @param limits bounds over the whole process
 */
public record ServerConfig(General general, Listener listener, Master master, Clients clients, LimitsConfig limits) {

    /** What holds where nothing is set. */
    public static ServerConfig defaults() {
        return new ServerConfig(
                new General(LogLevel.INFO, LogFormat.TEXT),
                new Listener(new Address("127.0.0.1", 42000), 8_388_599, 10, "connserver.key", 0, TransportKind.AUTO),
                new Master(new Address("127.0.0.1", 42001), 32_768, 64L << 20, 30),
                new Clients(8192, 16L << 20, 300, 65_535, 15, 0, 16L << 20, Overflow.FAIL),
                new LimitsConfig(0));
    }

    /** This, with another section {@code general}. */
    public ServerConfig withGeneral(General general) {
        return new ServerConfig(general, listener, master, clients, limits);
    }

    /** This, with another section {@code listener}. */
    public ServerConfig withListener(Listener listener) {
        return new ServerConfig(general, listener, master, clients, limits);
    }

    /** This, with another section {@code master}. */
    public ServerConfig withMaster(Master master) {
        return new ServerConfig(general, listener, master, clients, limits);
    }

    /** This, with another section {@code clients}. */
    public ServerConfig withClients(Clients clients) {
        return new ServerConfig(general, listener, master, clients, limits);
    }

    /** This, with another section {@code limits}. */
    public ServerConfig withLimits(LimitsConfig limits) {
        return new ServerConfig(general, listener, master, clients, limits);
    }
}
