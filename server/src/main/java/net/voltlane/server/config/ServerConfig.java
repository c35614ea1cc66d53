package net.voltlane.server.config;

/**
 * Everything that an operator may set, immutable. Nothing is checked here: {@link ConfigLoader} lets only valid values
 * through, and code that embeds the server is trusted to keep to the ranges written at each setting.
 */
public final class ServerConfig {
    private final Values values;

    ServerConfig(Values values) {
        this.values = values;
    }

    /** The configuration in which every setting has its default. */
    public static ServerConfig defaults() {
        return new ServerConfig(Values.defaults());
    }

    /** The section on the log. */
    public General general() {
        return new General(values.of(General.KEYS));
    }

    /** The section on this server among others. */
    public Server server() {
        return new Server(values.of(Server.KEYS));
    }

    /** The section on the side that clients connect to. */
    public Listener listener() {
        return new Listener(values.of(Listener.KEYS));
    }

    /** The section on clients over TLS. */
    public Tls tls() {
        return new Tls(values.of(Tls.KEYS));
    }

    /** The section on the listener for WebSocket. */
    public WebSocket webSocket() {
        return new WebSocket(values.of(WebSocket.KEYS));
    }

    /** The section on the backend that the server dials. */
    public Master master() {
        return new Master(values.of(Master.KEYS));
    }

    /** The section on what is kept for clients. */
    public Clients clients() {
        return new Clients(values.of(Clients.KEYS));
    }

    /** The section on bounds over the whole server, and on strangers. */
    public LimitsConfig limits() {
        return new LimitsConfig(values.of(LimitsConfig.KEYS));
    }

    /** The section on the store of session records. */
    public Store store() {
        return new Store(values.of(Store.KEYS));
    }

    /** The section on the HTTP server for operators. */
    public Admin admin() {
        return new Admin(values.of(Admin.KEYS));
    }

    /** The section on lines that are logged only if they are asked for. */
    public Log log() {
        return new Log(values.of(Log.KEYS));
    }

    /** A copy with another section {@code general}. */
    public ServerConfig withGeneral(General general) {
        return with(general);
    }

    /** A copy with another section {@code server}. */
    public ServerConfig withServer(Server server) {
        return with(server);
    }

    /** A copy with another section {@code listener}. */
    public ServerConfig withListener(Listener listener) {
        return with(listener);
    }

    /** A copy with another section {@code tls}. */
    public ServerConfig withTls(Tls tls) {
        return with(tls);
    }

    /** A copy with other settings of WebSockets. */
    public ServerConfig withWebSocket(WebSocket webSocket) {
        return with(webSocket);
    }

    /** A copy with another section {@code master}. */
    public ServerConfig withMaster(Master master) {
        return with(master);
    }

    /** A copy with another section {@code clients}. */
    public ServerConfig withClients(Clients clients) {
        return with(clients);
    }

    /** A copy with another section {@code limits}. */
    public ServerConfig withLimits(LimitsConfig limits) {
        return with(limits);
    }

    /** A copy with another section {@code store}. */
    public ServerConfig withStore(Store store) {
        return with(store);
    }

    /** A copy with another section {@code admin}. */
    public ServerConfig withAdmin(Admin admin) {
        return with(admin);
    }

    /** A copy with another section {@code log}. */
    public ServerConfig withLog(Log log) {
        return with(log);
    }

    private ServerConfig with(Section<?> section) {
        return new ServerConfig(values.with(section.values));
    }

    Values values() {
        return values;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ServerConfig that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
