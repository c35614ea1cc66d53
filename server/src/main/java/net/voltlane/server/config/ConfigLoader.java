package net.voltlane.server.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts a configuration together from its sources, each overriding those before it: defaults, the file, {@code .env},
 * the environment, flags. A wrong value is an error even if a later source overrides it: it would come back as a
 * surprise.
 */
public final class ConfigLoader {

    /** The file that is read, and written on the first start, where no other is named. */
    public static final String DEFAULT_FILE = "connserver.toml";

    private static final String DOT_ENV = ".env";

    /** The addresses of all listeners. One at least must be on. */
    private static final List<Key<Optional<Address>>> LISTENERS =
            List.of(Listener.ADDRESS, Tls.ADDRESS, WebSocket.ADDRESS);

    private final ConfigRequest request;
    private final Settings settings = new Settings();
    private final Problems problems = new Problems();
    private final List<String> notes = new ArrayList<>();

    private ConfigLoader(ConfigRequest request) {
        this.request = request;
    }

    /**
     * Reads everything that the request names.
     *
     * @throws ConfigException with every mistake that was found
     */
    public static LoadedConfig load(ConfigRequest request) throws ConfigException {
        return new ConfigLoader(request).load();
    }

    /**
     * Section {@code admin} alone, as far as the sources can be understood: for programs that look for a server, which
     * may have been started before a mistake was made elsewhere. Writes nothing. A value that is wrong counts as absent.
     */
    public static Admin admin(ConfigRequest request) {
        ConfigLoader loader = new ConfigLoader(request);
        loader.file();
        loader.dotEnv();
        new VariableSource(loader.settings, loader.problems).environment(request.environment());
        return loader.config().admin();
    }

    private LoadedConfig load() throws ConfigException {
        workingDirectory();
        boolean defaultFileMissing = file();
        dotEnv();
        VariableSource variables = new VariableSource(settings, problems);
        variables.environment(request.environment());
        variables.note().ifPresent(notes::add);
        Address listen = request.listen();
        flag(Listener.ADDRESS, listen == null ? null : Optional.of(listen), "--listen");
        flag(Master.ADDRESS, request.master(), "--master");
        if (problems.errors().isEmpty()) {
            together();
        }
        if (!problems.errors().isEmpty()) {
            throw new ConfigException(problems.errors(), settings.get(General.LOG_FORMAT));
        }
        boolean written = defaultFileMissing && writeDefault();
        return new LoadedConfig(
                config(),
                settings.list(),
                sources(!defaultFileMissing || written),
                List.copyOf(notes),
                problems.warnings());
    }

    /** Reports a working directory that is not found: without a file in it, this would pass for a first start. */
    private void workingDirectory() {
        Path directory = request.directory().toAbsolutePath();
        if (!Files.isDirectory(directory)) {
            problems.error(
                    "the working directory " + directory + " is not found, nor what may be in it (where its name has"
                            + " letters beyond ASCII, the locale must be one of UTF-8, such as LC_ALL=C.UTF-8)");
        }
    }

    /** Reads the file; true if it is the default one and not there. */
    private boolean file() {
        Path named = request.file();
        String name = fileName();
        settings.moveDefaults(folder());
        String text = ConfigFiles.read(request.directory().resolve(name), name, problems);
        if (text != null) {
            TomlSource.read(name, text, folder(), settings, problems);
        } else if (named != null && problems.errors().isEmpty()) {
            problems.error(name + ": no such file");
        }
        return text == null && named == null;
    }

    private void dotEnv() {
        Path path = request.directory().resolve(DOT_ENV);
        // A folder of that name is often a Python environment, and none of our business.
        String text = Files.isDirectory(path) ? null : ConfigFiles.readShared(path, DOT_ENV, problems);
        if (text != null) {
            new VariableSource(settings, problems).dotEnv(DOT_ENV, text);
        }
    }

    /** Relative paths in the file are relative to this, and so is the default of the key file. */
    private Path folder() {
        Path named = request.file();
        Path folder = named == null ? null : named.getParent();
        return folder == null ? Path.of("") : folder;
    }

    /** A file at the default place may be missing, and the default port taken; another that was asked for may not. */
    private ServerConfig config() {
        ServerConfig config = settings.toConfig();
        String keyFile = config.listener().keyFile();
        if (!isDefault(Listener.KEY_FILE, keyFile)) {
            config = config.withListener(config.listener().withKeyFile(keyFile));
        }
        Admin admin = config.admin();
        if (!isDefault(Admin.TOKEN_FILE, admin.tokenFile())) {
            admin = admin.withTokenFile(admin.tokenFile());
        }
        // The template names all defaults, so a value in a file is no sign that it was asked for.
        // Compared as texts: the JVM generates the code of a record's equals at each start.
        boolean elsewhere = !Admin.ADDRESS
                .type()
                .toToml(settings.get(Admin.ADDRESS))
                .equals(Admin.ADDRESS.type().toToml(Admin.ADDRESS.defaultValue()));
        return config.withAdmin(elsewhere ? admin.withAddress(admin.address()) : admin);
    }

    private boolean isDefault(Key<KeyPath> key, String path) {
        return path.equals(key.defaultValue().from(folder()).path());
    }

    /** Reports values that are wrong only together. */
    private void together() {
        listeners();
        masterTls();
        store();
        if (settings.get(Listener.PROXY_PROTOCOL) == ProxyProtocol.ON
                && settings.get(LimitsConfig.TRUSTED_PROXIES).isEmpty()) {
            problems.error(
                    LimitsConfig.TRUSTED_PROXIES.path(),
                    "[]",
                    "the proxies' addresses, since " + Listener.PROXY_PROTOCOL.path() + " is on");
        }
        if (settings.get(Clients.OVERFLOW) == Overflow.BLOCK && settings.get(Master.PROTOCOL) > 2) {
            // The backend would wait for a client, which may wait for the backend's acknowledgements.
            problems.error(
                    Clients.OVERFLOW.path(),
                    "block",
                    "fail, since " + Master.PROTOCOL.path() + " is " + settings.get(Master.PROTOCOL));
        }
        if (settings.get(Listener.PROXY_PROTOCOL) == ProxyProtocol.OFF
                && settings.get(WebSocket.ADDRESS).isEmpty()
                && !settings.get(LimitsConfig.TRUSTED_PROXIES).isEmpty()) {
            problems.warning(LimitsConfig.TRUSTED_PROXIES.path() + " is set, but " + Listener.PROXY_PROTOCOL.path()
                    + " is off: what comes through a proxy counts as the proxy's own");
        }
        long shortest = settings.get(Clients.HEARTBEAT_MIN_SECS);
        long heartbeat = settings.get(Clients.HEARTBEAT_DEFAULT_SECS);
        long longest = settings.get(Clients.HEARTBEAT_MAX_SECS);
        if (longest < shortest) {
            problems.error(
                    Clients.HEARTBEAT_MAX_SECS.path(),
                    Long.toString(longest),
                    "at least " + shortest + ", as " + Clients.HEARTBEAT_MIN_SECS.path() + " is");
        } else if (heartbeat < shortest || heartbeat > longest) {
            problems.error(
                    Clients.HEARTBEAT_DEFAULT_SECS.path(),
                    Long.toString(heartbeat),
                    "from " + shortest + " to " + longest + ", as the shortest and the longest heartbeat are");
        }
    }

    /** Records outlive the process only for servers whose key does: with another key they can't be read. */
    private void store() {
        StoreKind kind = settings.get(Store.KIND);
        boolean keepsKey = !settings.get(Listener.KEY_FILE).path().isEmpty()
                || !settings.get(Listener.KEY).text().isEmpty();
        if (kind != StoreKind.MEMORY && !keepsKey) {
            problems.error(
                    Listener.KEY_FILE.path(),
                    "\"\"",
                    "a file, or " + Listener.KEY.path() + ", since " + Store.KIND.path() + " is "
                            + Store.KIND.type().plain(kind));
        }
        if (kind == StoreKind.FILE && settings.get(Store.PATH).path().isEmpty()) {
            problems.error(Store.PATH.path(), "\"\"", "a file, since " + Store.KIND.path() + " is file");
        }
    }

    private void listeners() {
        if (LISTENERS.stream().allMatch(key -> settings.get(key).isEmpty())) {
            problems.error(Listener.ADDRESS.path(), "\"\"", "an address, since no other listener is on");
        }
        for (Key<Optional<Address>> key : LISTENERS) {
            for (Key<Optional<Address>> before : LISTENERS.subList(0, LISTENERS.indexOf(key))) {
                apart(key, before);
            }
        }
        clientCertificates();
        if (settings.get(Tls.ADDRESS).isPresent()) {
            required(Tls.CERTIFICATE, Tls.ADDRESS);
            required(Tls.KEY, Tls.ADDRESS);
        } else if (settings.get(WebSocket.TLS)) {
            required(Tls.CERTIFICATE, WebSocket.TLS);
            required(Tls.KEY, WebSocket.TLS);
        } else if (!settings.get(Tls.CERTIFICATE).path().isEmpty()) {
            problems.warning(Tls.CERTIFICATE.path() + " is set, but neither " + Tls.ADDRESS.path() + " nor "
                    + WebSocket.TLS.path() + ": no listener has TLS");
        }
    }

    /** Warns of listeners that let in clients without a certificate, where certificates are demanded. */
    private void clientCertificates() {
        if (settings.get(Tls.CLIENT_CA).path().isEmpty()) {
            return;
        }
        for (Key<Optional<Address>> key : LISTENERS) {
            boolean hasTls = key == Tls.ADDRESS || key == WebSocket.ADDRESS && settings.get(WebSocket.TLS);
            if (!hasTls && settings.get(key).isPresent()) {
                problems.warning(
                        Tls.CLIENT_CA.path() + " is set, but " + key.path() + " lets clients in without a certificate");
            }
        }
    }

    /** Reports two listeners of which only one can have the place. */
    private void apart(Key<Optional<Address>> key, Key<Optional<Address>> before) {
        Optional<Address> address = settings.get(key);
        Optional<Address> taken = settings.get(before);
        if (address.isPresent() && taken.isPresent() && address.get().overlaps(taken.get())) {
            problems.error(
                    key.path(),
                    address.get().toString(),
                    "another place than " + before.path() + ", which is " + taken.get());
        }
    }

    private void required(Key<KeyPath> file, Key<?> since) {
        if (settings.get(file).path().isEmpty()) {
            problems.error(file.path(), "\"\"", "a file in PEM, since " + since.path() + " is set");
        }
    }

    private void masterTls() {
        boolean hasCertificate = !settings.get(Master.CERTIFICATE).path().isEmpty();
        if (hasCertificate == settings.get(Master.KEY).path().isEmpty()) {
            Key<KeyPath> missing = hasCertificate ? Master.KEY : Master.CERTIFICATE;
            Key<KeyPath> given = hasCertificate ? Master.CERTIFICATE : Master.KEY;
            problems.error(missing.path(), "\"\"", "a file in PEM, since " + given.path() + " is set");
        }
        if (!settings.get(Master.TLS)) {
            if (hasCertificate
                    || !settings.get(Master.CA).path().isEmpty()
                    || !settings.get(Master.SERVER_NAME).isEmpty()) {
                problems.warning("master.ca, master.certificate or master.server_name is set, but " + Master.TLS.path()
                        + " is false: the backend is dialled without TLS");
            }
        } else if (settings.get(Master.ADDRESS).isUnix()
                && settings.get(Master.SERVER_NAME).isEmpty()) {
            problems.error(
                    Master.SERVER_NAME.path(),
                    "\"\"",
                    "the name in the backend's certificate, since " + Master.ADDRESS.path() + " is a Unix socket");
        }
    }

    private <T> void flag(Key<T> key, @Nullable T value, String option) {
        if (value != null) {
            settings.set(key, value, option);
        }
    }

    /** The file as messages and origins call it. */
    private String fileName() {
        Path named = request.file();
        return named == null ? DEFAULT_FILE : named.toString();
    }

    private String sources(boolean fileIsThere) {
        String overridden = settings.origins(origin -> !origin.startsWith(fileName() + ":"));
        Path file = request.directory().resolve(fileName()).toAbsolutePath().normalize();
        return (fileIsThere ? file : "the defaults, as there is no " + file)
                + (overridden.isEmpty() ? "" : ", overridden by " + overridden);
    }

    /** Writes the default file where that is wanted; true if it is there now. */
    private boolean writeDefault() {
        if (!request.writeDefault()) {
            notes.add(DEFAULT_FILE + " is not there: the defaults hold");
            return false;
        }
        String failure = ConfigFiles.writeTemplate(request.directory().resolve(DEFAULT_FILE));
        if (failure == null) {
            notes.add(DEFAULT_FILE + " was not there: written, with the defaults");
        } else {
            problems.warning(DEFAULT_FILE + " can't be written, the defaults hold: " + failure);
        }
        return failure == null;
    }
}
