package net.voltlane.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.Announce;
import net.voltlane.server.config.Clients;
import net.voltlane.server.config.Listener;
import net.voltlane.server.config.Master;
import net.voltlane.server.config.Overflow;
import net.voltlane.server.config.ProxyProtocol;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.edge.EdgeSettings;
import net.voltlane.server.edge.HeartbeatBounds;
import net.voltlane.server.edge.ServedVersions;
import net.voltlane.server.edge.TrustedProxies;
import net.voltlane.server.link.MemoryAccount;
import net.voltlane.server.link.TcpTransport;
import net.voltlane.server.link.Transport;
import net.voltlane.server.session.SessionSettings;
import net.voltlane.server.session.WhenAway;
import net.voltlane.server.tls.TlsProtocol;
import net.voltlane.server.uplink.FirehoseSettings;
import net.voltlane.server.uplink.MasterTls;
import net.voltlane.server.uplink.MasterTlsException;
import net.voltlane.server.uplink.UplinkSettings;
import net.voltlane.server.websocket.WebSocketSettings;
import net.voltlane.server.websocket.WebSocketTransport;

/** The settings of each part of the server, taken from the configuration, in the part's own units. */
final class PartSettings {
    /** The longest time that version 3 can tell, which also stands for any longer one. */
    private static final long MAX_WAIT_SECS = (1L << 32) - 1;

    private PartSettings() {}

    /**
     * The listeners that are on, each with its address and transport.
     *
     * @param account is charged for what transports hold of clients' input
     */
    static List<Listeners.Settings> listeners(ServerConfig config, MemoryAccount account, ListenerTls tls) {
        List<Listeners.Settings> listeners = new ArrayList<>();
        Listener plain = config.listener();
        plain.address()
                .ifPresent(address -> listeners.add(new Listeners.Settings(
                        "listener",
                        address,
                        address.isUnix() ? TcpTransport.UNIX : TcpTransport.INSTANCE,
                        plain.socketMode())));
        config.tls()
                .address()
                .ifPresent(address -> listeners.add(new Listeners.Settings(
                        "tls", address, tls.transport(TlsProtocol.VOLTLANE), plain.socketMode())));
        config.webSocket()
                .address()
                .ifPresent(address -> listeners.add(new Listeners.Settings(
                        "websocket",
                        address,
                        config.webSocket().tls()
                                ? WebSocketTransport.overTls(
                                        webSocket(config), account, tls.transport(TlsProtocol.HTTP))
                                : WebSocketTransport.overTcp(webSocket(config), account),
                        plain.socketMode())));
        return listeners;
    }

    private static WebSocketSettings webSocket(ServerConfig config) {
        List<String> subprotocols = config.clients().versions().stream()
                .map(version -> WebSocketSettings.SUBPROTOCOL_PREFIX + version)
                .toList();
        return new WebSocketSettings(
                config.webSocket().path(), Set.copyOf(config.webSocket().origins()), subprotocols);
    }

    /** The files of TLS towards the master. */
    static MasterTls.Files masterTls(Master master) {
        return new MasterTls.Files(master.ca(), master.certificate(), master.key(), master.serverName());
    }

    /**
     * The layers between the master's link and its frames.
     *
     * @throws StartException if the files of TLS can't be used
     */
    static Transport masterTransport(Master master) {
        if (!master.tls()) {
            return master.address().isUnix() ? TcpTransport.UNIX : TcpTransport.INSTANCE;
        }
        try {
            return new MasterTls(masterTls(master));
        } catch (MasterTlsException e) {
            throw StartException.configuration(e.getMessage());
        }
    }

    /**
     * @param instance the name of this process
     * @throws StartException if the files of TLS can't be used
     */
    static FirehoseSettings firehose(ServerConfig config, byte[] instance) {
        return new FirehoseSettings(
                config.master().protocol(),
                config.master().announce() == Announce.OPEN,
                instance,
                masterTransport(config.master()));
    }

    /** @param bufferBytes the bound of all that the server holds */
    static UplinkSettings uplink(ServerConfig config, long bufferBytes) {
        Address master = config.master().address();
        // A queue for the master that could fill the whole budget would make clients' sessions pay for its slowness.
        long queueBytes = Math.min(config.master().channelCapacityBytes(), Math.max(1, bufferBytes / 2));
        return new UplinkSettings(
                master.host(),
                master.port(),
                Limits.masterFrameLimitBytes(config.listener().maxFrameSize()),
                config.master().channelCapacity(),
                queueBytes,
                TimeUnit.SECONDS.toNanos(config.master().reconnectTimeoutSecs()),
                TimeUnit.SECONDS.toNanos(config.master().peerTimeoutSecs()));
    }

    /** @param maxStaleClients as the heap leaves room for */
    static SessionSettings sessions(ServerConfig config, long maxStaleClients) {
        Clients clients = config.clients();
        return new SessionSettings(
                TimeUnit.SECONDS.toNanos(clients.staleTimeoutSecs()),
                maxStaleClients,
                config.limits().maxStaleClientsPerIp(),
                new QueueBounds(clients.missedPacketsBufferSize(), clients.missedPacketsBufferBytes()),
                unacknowledged(clients),
                config.log().sessions());
    }

    static WhenAway whenAway(ServerConfig config) {
        return switch (config.store().whenAway()) {
            case CONTINUE -> WhenAway.CONTINUE;
            case REFUSE -> WhenAway.REFUSE;
        };
    }

    static EdgeSettings edge(ServerConfig config) {
        Listener listener = config.listener();
        Clients clients = config.clients();
        return new EdgeSettings(
                listener.maxFrameSize(),
                TimeUnit.SECONDS.toNanos(listener.handshakeTimeoutSecs()),
                new QueueBounds(clients.channelCapacity(), clients.channelCapacityBytes()),
                blocks(config),
                TimeUnit.SECONDS.toNanos(listener.peerTimeoutSecs()),
                trustedProxies(config),
                versions(clients));
    }

    private static ServedVersions versions(Clients clients) {
        return new ServedVersions(
                clients.versions().contains(Limits.PROTOCOL_VERSION),
                clients.versions().contains(Limits.PROTOCOL_VERSION_3),
                new HeartbeatBounds(
                        clients.heartbeatMinSecs(), clients.heartbeatDefaultSecs(), clients.heartbeatMaxSecs()),
                Math.min(clients.staleTimeoutSecs(), MAX_WAIT_SECS),
                unacknowledged(clients));
    }

    private static QueueBounds unacknowledged(Clients clients) {
        return new QueueBounds(clients.unacknowledgedCapacity(), clients.unacknowledgedCapacityBytes());
    }

    /** With protocol 3 never, not even while a reload to protocol 2 waits for the restart. */
    private static boolean blocks(ServerConfig config) {
        return config.clients().overflow() == Overflow.BLOCK && config.master().protocol() == Limits.PROTOCOL_VERSION;
    }

    private static TrustedProxies trustedProxies(ServerConfig config) {
        return new TrustedProxies(
                config.limits().trustedProxies()::contains, config.listener().proxyProtocol() == ProxyProtocol.ON);
    }
}
