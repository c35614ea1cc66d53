package net.voltlane.backend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsWordsTest {
    /** Messages of JDK 17 to 25. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Empty client certificate chain | the server has shown no certificate: set master.certificate and master.key there",
                "PKIX path building failed: unable to find valid certification path to requested target | the certificate in"
                        + " master.certificate of the server is not of the authority that is required here (PKIX path building failed:"
                        + " unable to find valid certification path to requested target)",
                "PKIX path validation failed: java.security.cert.CertPathValidatorException: validity check failed | the certificate of"
                        + " the server, or of its authority, has expired, or is not valid yet (PKIX path validation failed:"
                        + " java.security.cert.CertPathValidatorException: validity check failed)",
                "(bad_certificate) Received fatal alert: bad_certificate | the server refuses it, and its log says why ((bad_certificate)"
                        + " Received fatal alert: bad_certificate)",
                "Unsupported or unrecognized SSL message | the peer speaks no TLS (has the server master.tls = true?)",
                "the peer hung up in the middle of the TLS handshake | the peer hung up in the middle of the TLS handshake",
            })
    void eachSaysWhatToMend(String why, String words) {
        assertThat(TlsWords.of(why)).isEqualTo(words);
    }
}
