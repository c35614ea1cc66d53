package net.voltlane.admin.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reader that the other tests trust finds what is wrong. */
final class ExpositionTest {
    private static final String GAUGE = "# HELP a b\n# TYPE a gauge\n";
    private static final String HISTOGRAM = "# HELP h b\n# TYPE h histogram\n";

    @Test
    void aWellFormedTextIsRead() {
        var blocks = Exposition.prometheus(GAUGE
                + "a{y=\"1\",x=\"q\\\"\"} 1.5\na{x=\"2\"} -3e-2\n# TYPE c_total counter\n# HELP c_total d\nc_total 4\n"
                + HISTOGRAM + "h_bucket{le=\"0.1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 2\n");
        assertThat(blocks).containsOnlyKeys("a", "c_total", "h");
        assertThat(blocks.get("a").samples)
                .containsEntry("a{x=\"q\\\"\",y=\"1\"}", 1.5)
                .containsEntry("a{x=\"2\"}", -0.03);
        assertThat(blocks.get("a").labelNames).containsExactlyInAnyOrder("x", "y");
        assertThat(blocks.get("c_total").help).isEqualTo("d");
    }

    @Test
    void openMetricsHaveUnitsAndAnEnd() {
        var blocks = Exposition.openMetrics(
                "# TYPE a_bytes counter\n# UNIT a_bytes bytes\n# HELP a_bytes b\na_bytes_total 1\n# EOF\n");
        assertThat(blocks.get("a_bytes").unit).isEqualTo("bytes");
        assertThat(blocks.get("a_bytes").value("a_bytes_total")).isOne();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                GAUGE + "a 1",
                GAUGE + "a 1\n\n",
                GAUGE + "a 1\na 2\n",
                GAUGE + "a{x=\"1\",y=\"2\"} 1\na{y=\"2\",x=\"1\"} 1\n",
                GAUGE + "a{x=\"1\",x=\"2\"} 1\n",
                GAUGE + "a{x=1} 1\n",
                GAUGE + "a{x=\"\\q\"} 1\n",
                GAUGE + "b 1\n",
                GAUGE + "a_total 1\n",
                GAUGE + "a one\n",
                GAUGE + "a  1\n",
                GAUGE,
                GAUGE + "a 1\n" + GAUGE + "a{x=\"1\"} 1\n",
                "# TYPE a gauge\na 1\n",
                "# HELP a b\na 1\n",
                "# HELP a b\n# TYPE a gadget\na 1\n",
                "# HELP a b\n# TYPE a info\na_info 1\n",
                "# HELP c b\n# TYPE c counter\nc 1\n",
                "# HELP c_total b\n# TYPE c_total counter\nc_total -1\n",
                GAUGE + "# UNIT a a\na 1\n",
                HISTOGRAM + "h_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 3\n",
                HISTOGRAM + "h_bucket{le=\"1\"} 3\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 2\n",
                HISTOGRAM + "h_bucket{le=\"2\"} 1\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 2\n",
                HISTOGRAM + "h_bucket{le=\"1\"} 2\nh_sum 3\nh_count 2\n",
                HISTOGRAM + "h_bucket{le=\"+Inf\"} 2\nh_count 2\n"
            })
    void whatIsWrongIsFound(String text) {
        assertThatThrownBy(() -> Exposition.prometheus(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                GAUGE + "a 1\n",
                GAUGE + "a 1\n# EOF",
                "# TYPE a counter\n# HELP a b\na 1\n# EOF\n",
                "# TYPE a gauge\n# UNIT a bytes\n# HELP a b\na 1\n# EOF\n"
            })
    void whatIsWrongInOpenMetricsIsFound(String text) {
        assertThatThrownBy(() -> Exposition.openMetrics(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
