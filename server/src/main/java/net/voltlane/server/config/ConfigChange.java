package net.voltlane.server.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The difference between the configuration in effect and another one that was asked for, by the time at which each
 * changed setting takes effect.
 *
 * @param inEffect the configuration asked for, except that settings which wait for a restart keep their old values
 * @param atOnce keys that take effect at once, as {@code section.name}, in the order of the catalogue
 * @param newLinks keys that take effect for links that begin from then on
 * @param atRestart keys that take effect when the server starts the next time
 * @param newCertificates certificates read again, because their files have changed, each with its end
 * @param keptCertificates mistakes in changed files of certificates, as {@code key: value (expected: …)}, for which those
 *     in use before stay
 */
public record ConfigChange(
        ServerConfig inEffect,
        List<String> atOnce,
        List<String> newLinks,
        List<String> atRestart,
        List<String> newCertificates,
        List<String> keptCertificates) {

    /** The change from {@code now} to {@code next}. */
    public static ConfigChange between(ServerConfig now, ServerConfig next) {
        Map<Reload, List<String>> changed = new EnumMap<>(Reload.class);
        for (Reload reload : Reload.values()) {
            changed.put(reload, new ArrayList<>());
        }
        Values inEffect = next.values();
        for (Key<?> key : Catalogue.ALL) {
            if (!now.values().get(key).equals(next.values().get(key))) {
                changed.computeIfAbsent(key.reload(), reload -> new ArrayList<>())
                        .add(key.path());
                if (key.reload() == Reload.AT_RESTART) {
                    inEffect = kept(key, now, inEffect);
                }
            }
        }
        return new ConfigChange(
                new ServerConfig(inEffect),
                List.copyOf(changed.get(Reload.AT_ONCE)),
                List.copyOf(changed.get(Reload.NEW_LINKS)),
                List.copyOf(changed.get(Reload.AT_RESTART)),
                List.of(),
                List.of());
    }

    /** A copy with the outcome of reading the files of certificates. */
    public ConfigChange withCertificates(List<String> taken, List<String> kept) {
        return new ConfigChange(inEffect, atOnce, newLinks, atRestart, taken, kept);
    }

    /** True if neither a setting nor a certificate has changed, and no certificate had to be kept. */
    public boolean isNone() {
        return atOnce.isEmpty()
                && newLinks.isEmpty()
                && atRestart.isEmpty()
                && newCertificates.isEmpty()
                && keptCertificates.isEmpty();
    }

    private static <T> Values kept(Key<T> key, ServerConfig now, Values values) {
        return values.with(key, now.values().get(key));
    }
}
