package net.voltlane.cli.ctl.top;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import net.voltlane.cli.ctl.client.Doc;
import net.voltlane.cli.ctl.client.SessionDoc;
import org.junit.jupiter.api.Test;

class RatesTest {
    private static final long SECOND = 1_000_000_000L;

    private final Rates rates = new Rates();

    @Test
    void aSessionThatIsNewToTheListHasTheMeanOfItsLife() {
        SessionRow row = rates.row(session(10, 1000, 500), 0);

        assertThat(row.upPerSecond()).isEqualTo(100);
        assertThat(row.downPerSecond()).isEqualTo(50);
    }

    @Test
    void aSessionThatWasListedBeforeHasTheDifference() {
        rates.row(session(10, 1000, 500), 5 * SECOND);
        rates.nextPoll();

        SessionRow row = rates.row(session(12, 1600, 500), 7 * SECOND);

        assertThat(row.upPerSecond()).isEqualTo(300);
        assertThat(row.downPerSecond()).isZero();
        assertThat(row.bothPerSecond()).isEqualTo(300);
    }

    @Test
    void aSessionInTwoListsOfOnePollCountsOnce() {
        rates.row(session(10, 1000, 0), 5 * SECOND);
        rates.nextPoll();
        rates.row(session(12, 1600, 0), 7 * SECOND);

        assertThat(rates.row(session(12, 1600, 0), 7 * SECOND + 1).upPerSecond())
                .isBetween(299.0, 300.0);
    }

    @Test
    void aSessionThatWasAwayForAPollIsNewAgain() {
        rates.row(session(10, 1000, 0), 0);
        rates.nextPoll();
        rates.nextPoll();

        assertThat(rates.row(session(20, 1000, 0), SECOND).upPerSecond()).isEqualTo(50);
    }

    @Test
    void whatWaitsIsBothQueuesAndTheStateIsTheTrouble() {
        SessionRow row = rates.row(
                doc("{\"id\":\"1\",\"state\":\"live\",\"slow\":true,\"queue\":{\"bytes\":5},\"missed\":{\"bytes\":7}}"),
                0);

        assertThat(row.waiting()).isEqualTo(12);
        assertThat(row.state()).isEqualTo("slow");
    }

    private static SessionDoc session(double age, long up, long down) {
        return doc("{\"id\":\"1\",\"state\":\"live\",\"ageSeconds\":" + age + ",\"bytesUp\":" + up + ",\"bytesDown\":"
                + down + "}");
    }

    private static SessionDoc doc(String json) {
        return new SessionDoc(new Doc(JsonParser.parseString(json).getAsJsonObject()));
    }
}
