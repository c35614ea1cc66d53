package net.voltlane.server.config;

/**
 * Everything that an operator may set. The records check nothing: {@link ConfigLoader} lets only valid values through,
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
        return new Settings().toConfig();
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
