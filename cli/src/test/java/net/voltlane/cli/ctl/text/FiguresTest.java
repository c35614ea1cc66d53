package net.voltlane.cli.ctl.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|0 B",
                "1023|1023 B",
                "1024|1.0 KiB",
                "1258291|1.2 MiB",
                "10185|9.9 KiB",
                "10189|10 KiB",
                "1048000|1023 KiB",
                "1048500|1.0 MiB",
                "35651584|34 MiB",
                "9.3e18|8260 PiB",
            })
    void bytesHaveTheUnitThatFits(double bytes, String text) {
        assertThat(Figures.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-1|0 s",
                "0|0 s",
                "0.0001|1 ms",
                "0.0042|4 ms",
                "0.9999|1.0 s",
                "3.25|3.3 s",
                "9.94|9.9 s",
                "9.96|10 s",
                "119|119 s",
                "120|2 min",
                "187.5|3 min",
                "7199|119 min",
                "7200|2 h",
                "18420|5 h 7 min",
                "172799|47 h 59 min",
                "183600|2 d 3 h",
                "31536000|365 d",
            })
    void lengthsOfTimeAreReadable(double seconds, String text) {
        assertThat(Figures.duration(seconds)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"0|0", "812.4|812", "27271|27,271", "999999999|999,999,999", "1234567890|1.2 G"})
    void countsHaveTheirThousandsParted(double number, String text) {
        assertThat(Figures.count(number)).isEqualTo(text);
    }
}
