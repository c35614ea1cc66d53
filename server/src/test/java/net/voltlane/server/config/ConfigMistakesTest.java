package net.voltlane.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigMistakesTest extends ConfigCase {
    @Test
    void everyMistakeIsToldAtOnceAndByLine() throws Exception {
        file("""
                [general]
                log_level = "Loud"
                log_format = 5

                [listener]
                adress = "127.0.0.1:1"
                address = "127.0.0.1"
                max_frame_size = 1073741825

                [clients]
                channel_capacity = 0
                stale_timeout_secs = "300"
                stale_reap_interval_secs = 1.5
                max_stale_clients = -1
                overflow = ["fail"]
                this is no TOML
                """);
        file(".env", "VOLTLANE_LISTENER_THREADS=many\nVOLTLANE_NONSENSE\n");

        List<String> errors = errors(Map.of("VOLTLANE_MASTER_ADDRESS", "127.0.0.1:0"));

        assertThat(errors)
                .containsExactly(
                        "connserver.toml:2: general.log_level: Loud (expected: one of Off, Error, Warn, Info, Debug, Trace)",
                        "connserver.toml:3: general.log_format: 5 (expected: \"text\" or \"json\", in quotes)",
                        "connserver.toml:6: listener.adress: unknown key (expected: listener.address)",
                        "connserver.toml:7: listener.address: 127.0.0.1 (expected: host:port, such as 127.0.0.1:42000"
                                + " or [::1]:42000, the port from 0 to 65535; or a Unix socket, such as"
                                + " unix:/run/voltlane.sock, or \"\")",
                        "connserver.toml:8: listener.max_frame_size: 1073741825"
                                + " (expected: a whole number from 1 to 1073741824)",
                        "connserver.toml:11: clients.channel_capacity: 0 (expected: a whole number, at least 1, or \"unlimited\")",
                        "connserver.toml:12: clients.stale_timeout_secs: \"300\" (expected: a whole number, at least 0,"
                                + " or \"never\")",
                        "connserver.toml:13: clients.stale_reap_interval_secs: 1.5"
                                + " (expected: a whole number, at least 1)",
                        "connserver.toml:14: clients.max_stale_clients: -1 (expected: a whole number, at least 0,"
                                + " or \"unlimited\")",
                        "connserver.toml:15: clients.overflow: a list (expected: one of fail, block)",
                        "connserver.toml:16: Unexpected 'is', expected . or =",
                        ".env:1: VOLTLANE_LISTENER_THREADS: many (expected: a whole number from 0 to 1024,"
                                + " or \"auto\")",
                        ".env:2: not understood (expected: NAME=value)",
                        "VOLTLANE_MASTER_ADDRESS: 127.0.0.1:0 (expected: host:port, such as 127.0.0.1:42001 or"
                                + " [::1]:42001, the port from 1 to 65535; or a Unix socket, such as unix:/run/voltlane.sock)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[clients]\\nchanel_capacity = 1 | 2: clients.chanel_capacity: unknown key (expected: clients.channel_capacity)",
                "[clients]\\nstale-timeout-secs = 1 | 2: clients.stale-timeout-secs: unknown key (expected: clients.stale_timeout_secs)",
                "[clients]\\nthreads = 1 | 2: clients.threads: unknown key (expected: listener.threads)",
                "[master]\\nwhatever = 1 | 2: master.whatever: unknown key (expected: one of address, tls, ca, certificate, key, server_name, protocol, announce,"
                        + " channel_capacity, channel_capacity_bytes, reconnect_timeout_secs, peer_timeout_secs)",
                "[master]\\nprotocol = 4 | 2: master.protocol: 4 (expected: a whole number from 2 to 3)",
                "[master]\\nprotocol = '3' | 2: master.protocol: \"3\" (expected: a whole number from 2 to 3)",
                "[master]\\nannounce = 'never' | 2: master.announce: never (expected: one of open, data)",
                "[tls]\\nmin_version = 1.3 | 2: tls.min_version: 1.3 (expected: \"1.2\" or \"1.3\", in quotes)",
                "[tls]\\nmin_version = '1.1' | 2: tls.min_version: 1.1 (expected: one of 1.2, 1.3)",
                "[general]\\nlog_level = true | 2: general.log_level: true (expected: \"Off\", \"Error\", \"Warn\", \"Info\","
                        + " \"Debug\" or \"Trace\", in quotes)",
                "[tls]\\naddress = 'a' | 2: tls.address: a (expected: host:port, such as 127.0.0.1:42443 or [::1]:42443,"
                        + " the port from 0 to 65535, or \"\")",
                "[websocket]\\naddress = 'a' | 2: websocket.address: a (expected: host:port, such as 127.0.0.1:8080 or"
                        + " [::1]:8080, the port from 0 to 65535, or \"\")",
                "log_level = 'Info' | 1: log_level: unknown key (expected: general.log_level)",
                "loglevel = 'Info' | 1: loglevel: unknown key (expected: general.log_level)",
                "[client]\\nchannel_capacity = 1 | 1: client: unknown section (expected: clients)",
                "[zzzzzz]\\na = 1 | 1: zzzzzz: unknown section (expected: one of general, server, listener, tls, websocket, master, clients, limits, store, admin, log)",
                "general = 1 | 1: general: 1 (expected: a section [general])",
                "[[general]]\\nlog_level = 'Info' | 1: general: a list (expected: a section [general])",
                "[general.log_level]\\na = 1 | 1: general.log_level: a table (expected: one of Off, Error, Warn, Info,"
                        + " Debug, Trace)",
            })
    void whatIsUnknownIsAnErrorThatSaysWhatWasMeant(String text, String error) throws Exception {
        file(text.replace("\\n", "\n"));

        assertThat(errors(Map.of())).containsExactly("connserver.toml:" + error);
    }

    @Test
    void aServerWithoutAnyListenerDoesNotStart() throws Exception {
        file("[listener]\naddress = \"\"");
        assertThat(errors(Map.of()))
                .containsExactly("listener.address: \"\" (expected: an address, since no other listener is on)");
    }

    @Test
    void theFirehoseOfVersion3DoesNotWaitForAClient() throws Exception {
        file("[master]\nprotocol = 3\n[clients]\noverflow = \"block\"\n");
        assertThat(errors(Map.of()))
                .containsExactly("clients.overflow: block (expected: fail, since master.protocol is 3)");

        file("[master]\nprotocol = 2\n[clients]\noverflow = \"block\"\n");
        assertThat(load().config().clients().overflow()).isEqualTo(Overflow.BLOCK);
        assertThat(errors(Map.of("VOLTLANE_MASTER_PROTOCOL", "3"))).hasSize(1);
    }

    @Test
    void keysOfAMisspeltSectionAreCheckedAsWell() throws Exception {
        file("[client]\nchannel_capacity = 0\n");

        assertThat(errors(Map.of()))
                .containsExactly(
                        "connserver.toml:1: client: unknown section (expected: clients)",
                        "connserver.toml:2: clients.channel_capacity: 0 (expected: a whole number, at least 1, or \"unlimited\")");
    }

    @Test
    void keysBelowABrokenHeaderAreNotBlamed() throws Exception {
        file("[general]\nlog_level = 'Info'\n[mas ter]\nchannel_capacity = 5\n[clients]\nfoo = 1\n");

        assertThat(errors(Map.of()))
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("connserver.toml:3: "),
                        second -> assertThat(second).startsWith("connserver.toml:6: clients.foo: unknown key"));
    }

    @Test
    void anUnknownVariableIsAWarningThatSaysWhatWasMeant() throws Exception {
        file(".env", "VOLTLANE_LISTENER_ADRESS=secret\nOTHER=1\nVOLTLANE_JAVA_HOME=/x\n");

        LoadedConfig loaded = load(Map.of(
                "VOLTLANE_GENERAL_LOG_LEVEL", "secret",
                "VOLTLANE_JAVA_HOME", "x",
                "VOLTLANE_JAVA_OPTS", "x",
                "VOLTLANE_LOG_FORMAT", "secret",
                "VOLTLANE_SOMETHING_ELSE_ALTOGETHER", "secret",
                "PATH", "x"));

        assertThat(loaded.warnings())
                .containsExactly(
                        ".env:1: VOLTLANE_LISTENER_ADRESS: unknown variable, ignored"
                                + " (did you mean VOLTLANE_LISTENER_ADDRESS?)",
                        ".env:3: VOLTLANE_JAVA_HOME has no effect here: the launcher reads it from the environment",
                        "VOLTLANE_GENERAL_LOG_LEVEL: unknown variable, ignored (did you mean VOLTLANE_LOG_LEVEL?)",
                        "VOLTLANE_LOG_FORMAT: unknown variable, ignored (did you mean VOLTLANE_GENERAL_LOG_FORMAT?)",
                        "VOLTLANE_SOMETHING_ELSE_ALTOGETHER: unknown variable, ignored");
        assertThat(loaded.config()).isEqualTo(ServerConfig.defaults());
    }

    @ParameterizedTest
    @ValueSource(strings = {"+1", "1.0", "1e3", "0x10", "\u0661", "99999999999999999999", "1 2", "-1"})
    void aVariableWithWhatIsNoCountIsRefused(String text) throws Exception {
        assertThat(errors(Map.of("VOLTLANE_MASTER_CHANNEL_CAPACITY", text))).hasSize(1);
    }

    @Test
    void aLongOrUnprintableValueDoesNotFloodTheTerminal() throws Exception {
        file("[general]\nlog_level = \"\\u001b[31m" + "x".repeat(500) + "\"\n");

        assertThat(errors(Map.of()))
                .singleElement()
                .asString()
                .startsWith("connserver.toml:2: general.log_level: \"\\u001b[31mxx")
                .hasSizeLessThan(200);
    }

    @Test
    void whatWouldBreakALineOrHideTextIsShownEscaped() throws Exception {
        file("[\"a\\nb\"]\nc = 1\n[listener]\n\"d\\u2028\\u202ee\" = 1\n");

        assertThat(errors(Map.of()))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("connserver.toml:1: \"a\\nb\": unknown section"),
                        line -> assertThat(line)
                                .startsWith("connserver.toml:4: \"listener.d\\u2028\\u202ee\": unknown key"));
    }

    @Test
    void whatTheParserQuotesIsShownEscaped() throws Exception {
        file("a = \"\\\0\"");

        assertThat(errors(Map.of())).contains("connserver.toml:1: Invalid escape sequence '\\\\u0000'");
    }

    /** The parser's own assertions fail at this; tests run with them, an operator's server does not. */
    @Test
    void whatTheParserTripsOverIsAnErrorLikeAnyOther() throws Exception {
        file("[c#\0");

        assertThat(errors(Map.of())).isNotEmpty().allMatch(line -> line.startsWith("connserver.toml"));
    }
}
