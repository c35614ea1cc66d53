package net.voltlane.server.tls;

import java.util.ArrayList;
import java.util.List;

/** The certificates of a server in lines for people. */
public final class CertificateLines {
    private CertificateLines() {}

    /**
     * A line for each certificate, with its setting, file, names and end, and behind it the warning of an end that is
     * near or past.
     *
     * @param files those that {@code tls} has read
     * @param nowMillis milliseconds since 1970
     */
    public static List<String> of(TlsFiles files, ServerTls tls, long nowMillis) {
        List<String> lines = new ArrayList<>();
        List<Identity> identities = tls.current().identities();
        for (int i = 0; i < identities.size(); i++) {
            TlsFiles.Pair pair = files.certificates().get(i);
            lines.add(pair.setting() + ": " + pair.certificate() + ": " + ExpiryWarnings.shown(identities.get(i)));
            ExpiryWarnings.due(identities.get(i), nowMillis).ifPresent(lines::add);
        }
        return lines;
    }
}
