package net.voltlane.server.config;

import java.util.List;
import java.util.Optional;

/** Section {@code tls}: the listener for clients over TLS, and the certificates of all listeners with TLS. */
public final class Tls extends Section<Tls> {
    static final SectionKeys KEYS = new SectionKeys("tls");

    static final Key<Optional<Address>> ADDRESS = KEYS.key(
            "address",
            Reload.AT_RESTART,
            new AddressOrNone(42443, false),
            Optional.empty(),
            "Address to listen on for clients over TLS. Port 0 picks a free port. Empty: no TLS listener.");

    /** The address to listen on over TLS; port 0 takes any free port. Empty: no TLS listener. */
    public Optional<Address> address() {
        return get(ADDRESS);
    }

    /** A copy with another address. */
    public Tls withAddress(Address address) {
        return with(ADDRESS, Optional.of(address));
    }

    static final Key<KeyPath> CERTIFICATE = KEYS.key(
            "certificate",
            Reload.NEW_LINKS,
            new OptionalPath(),
            new KeyPath("", false),
            "File in PEM with the server's certificate and, behind it, those of the authorities that signed it. The server"
                    + " looks for changed files every 5 seconds. Clients that name no server, or an unknown one, get this certificate.");

    /** The file of the certificate that clients get by default, relative to the working directory. */
    public String certificate() {
        return get(CERTIFICATE).path();
    }

    /** A copy with another certificate. */
    public Tls withCertificate(String certificate) {
        return with(CERTIFICATE, new KeyPath(certificate, false));
    }

    static final Key<KeyPath> KEY = KEYS.key(
            "key",
            Reload.NEW_LINKS,
            new OptionalPath(),
            new KeyPath("", false),
            "File in PEM with the private key of tls.certificate, without a password: PKCS#8, PKCS#1 or SEC1.");

    /** The file of the private key of {@link #certificate}, relative to the working directory. */
    public String key() {
        return get(KEY).path();
    }

    /** A copy with another private key. */
    public Tls withKey(String key) {
        return with(KEY, new KeyPath(key, false));
    }

    static final Key<List<CertificateFiles>> CERTIFICATES = KEYS.key(
            "certificates",
            Reload.NEW_LINKS,
            new CertificateList(),
            List.of(),
            "Further certificates, each with its key. A client that names a server gets the certificate for that name (TLS"
                    + " server name indication).");

    /** The certificates for further names. */
    public List<CertificateFiles> certificates() {
        return get(CERTIFICATES);
    }

    /** A copy with other further certificates. */
    public Tls withCertificates(List<CertificateFiles> certificates) {
        return with(CERTIFICATES, List.copyOf(certificates));
    }

    static final Key<KeyPath> CLIENT_CA = KEYS.key(
            "client_ca",
            Reload.NEW_LINKS,
            new OptionalPath(),
            new KeyPath("", false),
            "File in PEM with the authorities of clients. If it is set, only clients with a certificate that one of them signed"
                    + " can connect. The backend learns the certificate's names. Empty: clients need none.");

    /** The file of the authorities whose certificates clients must have. Empty: clients need none. */
    public String clientCa() {
        return get(CLIENT_CA).path();
    }

    /** A copy with other authorities of clients. Empty: clients need no certificate. */
    public Tls withClientCa(String clientCa) {
        return with(CLIENT_CA, new KeyPath(clientCa, false));
    }

    static final Key<TlsVersion> MIN_VERSION = KEYS.key(
            "min_version",
            Reload.NEW_LINKS,
            Choice.spelled(TlsVersion.class, TlsVersion::text),
            TlsVersion.TLS_1_2,
            "Oldest version of TLS that clients may speak.");

    /** The oldest version that clients may speak. */
    public TlsVersion minVersion() {
        return get(MIN_VERSION);
    }

    /** A copy with another oldest version. */
    public Tls withMinVersion(TlsVersion minVersion) {
        return with(MIN_VERSION, minVersion);
    }

    Tls(Values values) {
        super(values);
    }

    @Override
    Tls of(Values changed) {
        return new Tls(changed);
    }
}
