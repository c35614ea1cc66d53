package net.voltlane.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.voltlane.server.guard.CidrSet;
import net.voltlane.server.guard.ConnectionLimits;
import net.voltlane.server.guard.GuardLimits;
import net.voltlane.server.guard.RateLimits;
import net.voltlane.server.guard.RatePolicy;
import net.voltlane.server.guard.ResumeLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigNetworksTest extends ConfigCase {
    @Test
    void proxiesThatNobodyTrustsAreAMistake() throws Exception {
        file("listener.proxy_protocol = 'on'");

        assertThat(errors(Map.of()))
                .containsExactly("limits.trusted_proxies: [] (expected: the proxies' addresses, since"
                        + " listener.proxy_protocol is on)");
    }

    @Test
    void trustedProxiesWithoutTheProtocolAreWarnedOf() throws Exception {
        file("[limits]\ntrusted_proxies = [\"10.0.0.0/8\"]");
        assertThat(load(Map.of()).warnings())
                .containsExactly(
                        "limits.trusted_proxies is set, but listener.proxy_protocol is off: what comes through a"
                                + " proxy counts as the proxy's own");
    }

    @Test
    void limitsOnStrangersAreReadIntoOneRecord() throws Exception {
        file("""
                [limits]
                max_clients = 1
                max_clients_per_ip = 2
                max_clients_per_subnet = 3
                max_stale_clients_per_ip = 12
                connects_per_sec = 4
                connects_per_sec_per_ip = 5
                max_pending_handshakes = 6
                max_pending_handshakes_per_ip = 13
                packets_per_sec_per_client = 7
                bytes_per_sec_per_client = 8
                rate_policy = "kick"
                idle_timeout_secs = 9
                failed_resumes_per_min_per_ip = 10
                ban_secs = 11
                allow = ["10.0.0.0/8", "2001:db8::/32"]
                deny = ["10.0.0.7"]
                trusted_proxies = []
                """);

        LimitsConfig limits = load(Map.of("VOLTLANE_LIMITS_TRUSTED_PROXIES", "127.0.0.1, ::1"))
                .config()
                .limits();

        assertThat(limits.guard())
                .isEqualTo(new GuardLimits(
                        new ConnectionLimits(1, 2, 3, 4, 5, 6, 13),
                        new RateLimits(7, 8, RatePolicy.KICK, 9),
                        new ResumeLimits(10, 11),
                        CidrSet.of(List.of("10.0.0.0/8", "2001:db8::/32")),
                        CidrSet.of(List.of("10.0.0.7"))));
        assertThat(limits.maxStaleClientsPerIp()).isEqualTo(12);
        assertThat(limits.trustedProxies()).isEqualTo(CidrSet.of(List.of("127.0.0.1", "::1")));
    }

    private static final String EXPECTED_NETWORKS = " (expected: a list of addresses or networks, such as"
            + " [\"192.0.2.7\", \"10.0.0.0/8\", \"2001:db8::/32\"]; in a variable with commas between, or [] for none)";

    @ParameterizedTest
    @ValueSource(strings = {"ALLOW", "DENY", "TRUSTED_PROXIES"})
    void aVariableThatExpandedToNothingOpensNothing(String list) throws Exception {
        String variable = "VOLTLANE_LIMITS_" + list;
        String path = "limits." + list.toLowerCase(Locale.ROOT);
        file(path + " = [\"10.0.0.0/8\"]");

        assertThat(errors(Map.of(variable, ""))).containsExactly(variable + ": \"\"" + EXPECTED_NETWORKS);
        assertThat(errors(Map.of(variable, " "))).containsExactly(variable + ": \" \"" + EXPECTED_NETWORKS);
    }

    @Test
    void thatAListHasNoEntriesIsSaidByAPairOfBrackets() throws Exception {
        file("limits.allow = [\"10.0.0.0/8\"]");

        LoadedConfig loaded = load(Map.of("VOLTLANE_LIMITS_ALLOW", " [ ] "));

        assertThat(loaded.config().limits().guard().allow().isEmpty()).isTrue();
        assertThat(loaded.printed()).containsPattern("allow = \\[\\] +# VOLTLANE_LIMITS_ALLOW");
    }

    @Test
    void inAFileNoEntriesAllowEverybody() throws Exception {
        file("limits.allow = []"); // as the file that the server writes itself says

        assertThat(load().config().limits().guard())
                .isEqualTo(ServerConfig.defaults().limits().guard());
    }

    @Test
    void aListOfNetworksNamesWhatIsWrongInIt() throws Exception {
        file("""
                [limits]
                deny = ["10.0.0.0/8", "10.0.0.0/33", "localhost", 7]
                allow = "10.0.0.0/8"
                trusted_proxies = [""]
                """);

        assertThat(errors(Map.of("VOLTLANE_LIMITS_ALLOW", "10.0.0.0/8,,::1")))
                .containsExactly(
                        "connserver.toml:2: limits.deny: 10.0.0.0/33, localhost, 7" + EXPECTED_NETWORKS,
                        "connserver.toml:3: limits.allow: 10.0.0.0/8" + EXPECTED_NETWORKS,
                        "connserver.toml:4: limits.trusted_proxies: \"\"" + EXPECTED_NETWORKS,
                        "VOLTLANE_LIMITS_ALLOW: \"\"" + EXPECTED_NETWORKS);
    }
}
