package net.voltlane.store.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import java.io.File;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.voltlane.server.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * The address of Redis, read from {@code store.url}:
 *
 * <pre>
 * redis://[[user:]password@]host[:port][/database]              one Redis, or a name behind which there is always the master
 * redis://[[user:]password@]host[:port][,host[:port]…]?cluster=true         a cluster: some of its nodes
 * redis-sentinel://[[user:]password@]host[:port][,host[:port]…][/database]#master          what the sentinels call by that name
 * </pre>
 *
 * With {@code rediss} for {@code redis}: TLS. Options behind {@code ?}, with {@code &} between them: {@code cluster=true};
 * {@code ca=file}, certificates that are trusted instead of the JDK's, in PEM; {@code cert=file} and {@code key=file}, the
 * server's own certificate and key in PEM; {@code verifyPeer=none|ca|full}, full by default. User and password are
 * percent-encoded.
 *
 * <p>{@link #toString} has neither user nor password.
 */
final class RedisAddress {
    private static final String EXPECTED = "redis://host:port, rediss:// for TLS, "
            + "redis://host:port,host:port?cluster=true for a cluster, or redis-sentinel://host:port,host:port#master";
    private static final Pattern URL = Pattern.compile(
            "(rediss?)(-sentinel)?://(?:(.*)@)?([^@/?#]+)(/[^@?#]*)?" + "(?:\\?([^@#]*))?(?:#([^@]*))?");

    private final String place;
    private final List<RedisURI> uris;
    private final boolean isCluster;
    private final List<String> secrets;
    private final TlsFiles files;

    /** Files for TLS. */
    record TlsFiles(
            @Nullable File ca,
            @Nullable File certificate,
            @Nullable File key) {}

    private RedisAddress(String place, List<RedisURI> uris, boolean isCluster, List<String> secrets, TlsFiles files) {
        this.place = place;
        this.uris = uris;
        this.isCluster = isCluster;
        this.secrets = secrets;
        this.files = files;
    }

    /**
     * Reads {@code store.url}.
     *
     * @throws StoreException in the form {@code store.url: value (expected: …)}, without user and password
     */
    static RedisAddress parse(String url) throws StoreException {
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            throw wrong(url, EXPECTED);
        }
        Options options = new Options(url);
        if (parts.group(6) != null && !parts.group(6).isEmpty()) {
            for (String option : parts.group(6).split("&")) {
                options.add(option);
            }
        }
        boolean isSentinel = parts.group(2) != null;
        String hosts = parts.group(4);
        checkKind(url, hosts, isSentinel, options.cluster);
        String path = parts.group(5) == null ? "" : parts.group(5);
        String database = path.length() > 1 ? path : "";
        checkDatabase(url, database, options.cluster);
        String master = parts.group(7);
        checkMaster(url, master, isSentinel);
        checkHosts(url, hosts);
        String user = parts.group(3) == null ? "" : parts.group(3) + "@";
        String scheme = parts.group(1) + (isSentinel ? "-sentinel" : "");
        String end = isSentinel ? "#" + master : "";
        String shown = scheme + "://" + hosts + path + end;
        String plain = scheme + "://" + user + hosts + database + options.forLibrary() + end;
        try {
            URI uri = URI.create(plain);
            List<RedisURI> uris =
                    options.cluster ? RedisClusterURIUtil.toRedisURIs(uri) : List.of(RedisURI.create(uri));
            return new RedisAddress(shown, uris, options.cluster, secrets(parts.group(3)), options.files());
        } catch (RuntimeException e) { // its message, and that of its cause, repeat the password
            throw wrong(url, EXPECTED + "; a user and a password percent-encoded");
        }
    }

    private static void checkKind(String url, String hosts, boolean isSentinel, boolean isCluster)
            throws StoreException {
        if (isCluster && isSentinel) {
            throw wrong(url, "?cluster=true with redis:// or rediss://, as a cluster has no sentinels");
        }
        if (hosts.contains(",") && !isCluster && !isSentinel) {
            throw wrong(
                    url, "one host; ?cluster=true behind the hosts of a cluster; or redis-sentinel:// for sentinels");
        }
    }

    private static void checkDatabase(String url, String database, boolean isCluster) throws StoreException {
        if (!database.isEmpty() && !database.matches("/\\d{1,4}")) {
            throw wrong(url, "the number of a database behind the host, as in redis://host:port/0");
        }
        if (isCluster && !database.isEmpty() && !"/0".equals(database)) {
            throw wrong(url, "no database, as a cluster has only number 0");
        }
    }

    private static void checkMaster(String url, @Nullable String master, boolean isSentinel) throws StoreException {
        if (isSentinel && (master == null || master.isEmpty())) {
            throw wrong(
                    url,
                    "the name that sentinels have for the master at the end, as in redis-sentinel://host:26379#mymaster");
        }
        if (!isSentinel && master != null) {
            throw wrong(url, "no # at the end; that is for redis-sentinel://");
        }
    }

    private static void checkHosts(String url, String hosts) throws StoreException {
        for (String host : hosts.split(",", -1)) {
            if (!host.matches("(\\[[0-9a-fA-F:.]+]|[^:\\[\\]]+)(:\\d{1,5})?")) {
                throw wrong(url, EXPECTED);
            }
        }
    }

    /** The place of Redis, for people. */
    String place() {
        return place;
    }

    /** True for a cluster. */
    boolean isCluster() {
        return isCluster;
    }

    /** Addresses for the library: one, or some nodes of a cluster. */
    List<RedisURI> uris(Duration timeout) {
        for (RedisURI uri : uris) {
            uri.setTimeout(timeout);
            uri.getSentinels().forEach(sentinel -> sentinel.setTimeout(timeout));
        }
        return uris;
    }

    /** Files for TLS. */
    TlsFiles files() {
        return files;
    }

    /** Secrets that no text may have in it. */
    List<String> secrets() {
        return secrets;
    }

    @Override
    public String toString() {
        return place;
    }

    private static List<String> secrets(@Nullable String userInfo) {
        if (userInfo == null) {
            return List.of();
        }
        String password = userInfo.substring(userInfo.indexOf(':') + 1);
        List<String> all = new ArrayList<>(List.of(password));
        try {
            all.add(URLDecoder.decode(password.replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notEncoded) {
            // as it is, then
        }
        return all.stream().filter(secret -> !secret.isEmpty()).distinct().collect(Collectors.toUnmodifiableList());
    }

    static StoreException wrong(String url, String expected) {
        return new StoreException("store.url: " + shown(url) + " (expected: " + expected + ")");
    }

    /** An address without what may be a password, be it ever so wrong. */
    private static String shown(String url) {
        int end = url.lastIndexOf('@');
        Matcher scheme = Pattern.compile("[a-z+-]{1,20}://").matcher(url);
        boolean hasScheme = scheme.lookingAt();
        if (end >= 0) {
            return (hasScheme ? scheme.group() : "") + "***@" + url.substring(end + 1);
        }
        return hasScheme || url.isEmpty() ? url : "not shown";
    }

    /** The options behind the question mark. */
    private static final class Options {
        private final String url;
        private boolean cluster;
        private @Nullable String verifyPeer;
        private @Nullable File ca;
        private @Nullable File certificate;
        private @Nullable File key;

        Options(String url) {
            this.url = url;
        }

        void add(String option) throws StoreException {
            int is = option.indexOf('=');
            String name = is < 0 ? option : option.substring(0, is);
            String value = is < 0 ? "" : option.substring(is + 1);
            switch (name) {
                case "cluster" -> cluster = oneOf(value, "true", "false").equals("true");
                case "verifyPeer" -> verifyPeer = oneOf(value, "none", "ca", "full");
                case "ca" -> ca = file(name, value);
                case "cert" -> certificate = file(name, value);
                case "key" -> key = file(name, value);
                default -> throw wrong(url, "of options cluster, ca, cert, key and verifyPeer");
            }
        }

        String forLibrary() {
            return verifyPeer == null ? "" : "?verifyPeer=" + verifyPeer;
        }

        TlsFiles files() throws StoreException {
            if ((certificate == null) != (key == null)) {
                throw wrong(url, "both of cert=file and key=file, or neither");
            }
            if (ca != null && !url.startsWith("rediss")) {
                throw wrong(url, "rediss:// with files for TLS");
            }
            return new TlsFiles(ca, certificate, key);
        }

        private String oneOf(String value, String... values) throws StoreException {
            if (!List.of(values).contains(value)) {
                throw wrong(url, "one of " + String.join(", ", values) + " for an option");
            }
            return value;
        }

        private File file(String name, String value) throws StoreException {
            Path path;
            try {
                path = Path.of(URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw wrong(url, "the name of a file behind " + name + "=");
            }
            if (!Files.isReadable(path)) {
                throw wrong(url, "a file that can be read behind " + name + "=");
            }
            return path.toFile();
        }
    }
}
