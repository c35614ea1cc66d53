package net.voltlane.bench;

import static org.assertj.core.api.Assertions.assertThat;

import net.voltlane.bench.model.Distribution;
import net.voltlane.bench.model.Figure;
import net.voltlane.bench.model.Load;
import net.voltlane.bench.model.Result;
import net.voltlane.bench.model.Scenario;
import net.voltlane.bench.model.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A rate that no server can keep up with. */
@Timeout(60)
class OverloadTest {

    @Test
    void whatIsDueAndCanNotBeSentIsCountedWithItsWait() throws Exception {
        // 20,000 messages of 100 KB a second would be 2 GB/s, each way.
        Result result = Bench.run(
                Runs.plan(Scenario.ECHO, new Load(4, 100_000, 1, 20_000, 64, 0, 1), 500, Target.STARTED),
                Runs.inProcess(config -> config),
                new Runs.Heard());

        double unsent = result.figures().stream()
                .filter(figure -> figure.name().equals("unsent"))
                .mapToDouble(Figure::value)
                .sum();
        assertThat(unsent).isPositive();
        assertThat(result.notes()).anySatisfy(note -> assertThat(note).contains("did not keep up"));
        Distribution echo = result.distributions().get(0);
        assertThat(echo.histogram().getTotalCount())
                .as("all that was due in half a second")
                .isGreaterThanOrEqualTo(9_500);
        assertThat(echo.histogram().getMaxValue()).as("the longest wait").isGreaterThan(100_000_000L);
    }
}
