package net.voltlane.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ScreenTest {

    private static final long SECOND = 1_000_000_000L;

    private final StringWriter out = new StringWriter();

    @Test
    void onATerminalTheLiveLineIsRewrittenInPlace() {
        Screen screen = new Screen(new PrintWriter(out), true);

        screen.status("one", 0);
        screen.status("two", SECOND);
        screen.line("end");

        assertThat(out.toString().replaceAll("\u001b\\[(K|\\?7[lh])", ""))
                .isEqualTo("\rone\rtwo\nend" + System.lineSeparator());
        assertThat(out.toString()).contains("two\u001b[K");
        assertThat(screen.isStatusDue(SECOND + SECOND / 20)).isFalse();
        assertThat(screen.isStatusDue(SECOND + SECOND / 10)).isTrue();
    }

    @Test
    void elsewhereItIsALineASecond() {
        Screen screen = new Screen(new PrintWriter(out), false);
        assertThat(screen.isStatusDue(0)).isTrue();

        screen.status("one", 0);
        screen.line("end");

        assertThat(out.toString().lines()).containsExactly("one", "end");
        assertThat(screen.isStatusDue(SECOND - 1)).isFalse();
        assertThat(screen.isStatusDue(SECOND)).isTrue();
    }
}
