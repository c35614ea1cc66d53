package net.voltlane.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings of TLS, WebSocket and Unix sockets, and what does not go together. */
class ConfigTlsTest extends ConfigCase {
    private static final String LIST =
            "(expected: tables [[tls.certificates]] with certificate and key, or a list such as"
                    + " [\"chat.pem:chat.key\"]; in a variable with commas between, or [] for none)";
    private static final List<CertificateFiles> TWO =
            List.of(new CertificateFiles("chat.pem", "chat.key"), new CertificateFiles("/etc/g.pem", "/etc/g.key"));

    private List<CertificateFiles> certificates() throws ConfigException {
        return load().config().tls().certificates();
    }

    @Test
    void certificatesAreTablesOrAListOrAVariable() throws Exception {
        file("""
                [tls]
                min_version = "1.3"
                [[tls.certificates]]
                certificate = "chat.pem"
                key = "chat.key"
                [[tls.certificates]]
                key = "/etc/g.key"
                certificate = "/etc/g.pem"
                """);
        assertThat(certificates()).isEqualTo(TWO);

        file("[tls]\ncertificates = ['chat.pem:chat.key', '/etc/g.pem:/etc/g.key']\n");
        assertThat(certificates()).isEqualTo(TWO);

        assertThat(load(Map.of("VOLTLANE_TLS_CERTIFICATES", "[]"))
                        .config()
                        .tls()
                        .certificates())
                .isEmpty();

        file("");
        assertThat(load(Map.of("VOLTLANE_TLS_CERTIFICATES", "chat.pem:chat.key, /etc/g.pem:/etc/g.key"))
                        .config()
                        .tls()
                        .certificates())
                .isEqualTo(TWO);
    }

    @Test
    void theirPathsAreRelativeToTheFileThatNamesThem() throws Exception {
        Files.createDirectory(directory.resolve("etc"));
        file("etc/mine.toml", "[[tls.certificates]]\ncertificate = 'a.pem'\nkey = '/run/a.key'\n");
        assertThat(load(Path.of("etc/mine.toml")).config().tls().certificates())
                .containsExactly(new CertificateFiles("etc/a.pem", "/run/a.key"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[[tls.certificates]]\\ncertificate = 'a.pem' | 1: tls.certificates: a list",
                "[[tls.certificates]]\\ncertificate = 'a.pem'\\nkey = 5 | 1: tls.certificates: a list",
                "[[tls.certificates]]\\ncertificate = 'a.pem'\\nkey = 'a.key'\\npassword = 'x' | 1: tls.certificates: a list",
                "[tls]\\ncertificates = ['a.pem'] | 2: tls.certificates: a list",
                "[tls]\\ncertificates = [':a.key'] | 2: tls.certificates: a list",
                "[tls]\\ncertificates = [7] | 2: tls.certificates: a list",
                "[tls]\\ncertificates = 'a.pem:a.key' | 2: tls.certificates: a.pem:a.key",
                "[tls.certificates]\\ncertificate = 'a.pem' | 1: tls.certificates: a table",
            })
    void aMalformedCertificateIsAnError(String text, String error) throws Exception {
        file(text.replace("\\n", "\n"));
        assertThat(errors(Map.of())).containsExactly("connserver.toml:" + error + " " + LIST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.pem", "a.pem:", ":a.key", "a.pem:a.key,", "a.pem:a.key,,b.pem:b.key", ","})
    void aMalformedVariableIsAnError(String value) throws Exception {
        file("");
        assertThat(errors(Map.of("VOLTLANE_TLS_CERTIFICATES", value)))
                .containsExactly("VOLTLANE_TLS_CERTIFICATES: " + value + " " + LIST);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[tls]\\naddress = '127.0.0.1:1' | tls.certificate: \"\" (expected: a file in PEM, since tls.address is set)",
                "[tls]\\naddress = '127.0.0.1:1'\\ncertificate = 'a' | tls.key: \"\" (expected: a file in PEM, since tls.address is set)",
                "[websocket]\\naddress = '127.0.0.1:1'\\ntls = true\\n[tls]\\nkey = 'a' | tls.certificate: \"\""
                        + " (expected: a file in PEM, since websocket.tls is set)",
                "[master]\\ncertificate = 'a' | master.key: \"\" (expected: a file in PEM, since master.certificate is set)",
                "[master]\\nkey = 'a' | master.certificate: \"\" (expected: a file in PEM, since master.key is set)",
                "[master]\\ntls = true\\naddress = 'unix:/run/b.sock' | master.server_name: \"\""
                        + " (expected: the name in the backend's certificate, since master.address is a Unix socket)",
            })
    void whatBelongsTogetherIsMissed(String text, String error) throws Exception {
        file(text.replace("\\n", "\n"));
        assertThat(errors(Map.of())).contains(error);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "127.0.0.1:5 | 127.0.0.1:5",
                "0.0.0.0:5 | 127.0.0.1:5",
                "voltlane.example:5 | 0.0.0.0:5",
                "[::]:5 | 127.0.0.1:5",
                "0.0.0.0:5 | [::]:5",
                "localhost:5 | LOCALHOST:5",
            })
    void twoListenersDoNotShareAPlace(String plain, String webSocket) throws Exception {
        file("[listener]\naddress = '" + plain + "'\n[websocket]\naddress = '" + webSocket + "'\n");
        assertThat(errors(Map.of()))
                .containsExactly("websocket.address: " + webSocket
                        + " (expected: another place than listener.address, which is " + plain + ")");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "127.0.0.1:0 | 127.0.0.1:0",
                "127.0.0.1:5 | 127.0.0.1:6",
                "127.0.0.1:5 | 127.0.0.2:5",
                "0.0.0.0:5 | [::1]:5",
                "unix:/run/v.sock | 0.0.0.0:5",
            })
    void listenersThatAreApart(String plain, String webSocket) throws Exception {
        file("[listener]\naddress = '" + plain + "'\n[websocket]\naddress = '" + webSocket + "'\n");
        assertThat(load().config().webSocket().address()).isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[tls]\\ncertificate = 'a'\\nkey = 'b' | tls.certificate is set, but neither tls.address nor websocket.tls: no listener"
                        + " has TLS",
                "[tls]\\naddress = '127.0.0.1:1'\\ncertificate = 'a'\\nkey = 'b'\\nclient_ca = 'c' | tls.client_ca is set, but"
                        + " listener.address lets clients in without a certificate",
                "[listener]\\naddress = ''\\n[websocket]\\naddress = '127.0.0.1:2'\\n[tls]\\naddress = '127.0.0.1:1'\\ncertificate ="
                        + " 'a'\\nkey = 'b'\\nclient_ca = 'c' | tls.client_ca is set, but websocket.address lets clients in without a"
                        + " certificate",
                "[master]\\nserver_name = 'b.example' | master.ca, master.certificate or master.server_name is set, but master.tls is"
                        + " false: the backend is dialled without TLS",
            })
    void whatHasNoEffectIsToldInAWarning(String text, String warning) throws Exception {
        file(text.replace("\\n", "\n"));
        assertThat(load().warnings()).containsExactly(warning);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix:relative.sock", "unix:@abstract", "unix:", "unix:/run/", "unix:\u0000name"})
    void pathsThatNoUnixSocketCanHave(String address) throws Exception {
        file("");
        for (String name : List.of("LISTENER", "MASTER")) {
            assertThat(errors(Map.of("VOLTLANE_" + name + "_ADDRESS", address)))
                    .singleElement()
                    .asString()
                    .startsWith("VOLTLANE_" + name + "_ADDRESS: ")
                    .contains("or a Unix socket, such as unix:/run/voltlane.sock");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLS", "WEBSOCKET"})
    void onlyThePlainListenerMayBeAUnixSocket(String name) throws Exception {
        file("");
        assertThat(errors(Map.of("VOLTLANE_" + name + "_ADDRESS", "unix:/run/v.sock")))
                .singleElement()
                .asString()
                .startsWith("VOLTLANE_" + name + "_ADDRESS: unix:/run/v.sock (expected: host:port, ")
                .doesNotContain("or a Unix socket");
    }

    @Test
    void aPathIsAtMost103BytesLong() throws Exception {
        file("");
        String longest = "unix:/" + "x".repeat(102);
        assertThat(load(Map.of("VOLTLANE_LISTENER_ADDRESS", longest))
                        .config()
                        .listener()
                        .address())
                .contains(Address.parse(longest));
        assertThat(errors(Map.of("VOLTLANE_LISTENER_ADDRESS", longest + "x"))).hasSize(1);
        assertThat(errors(Map.of("VOLTLANE_LISTENER_ADDRESS", "unix:/" + "ä".repeat(52))))
                .hasSize(1);
    }
}
