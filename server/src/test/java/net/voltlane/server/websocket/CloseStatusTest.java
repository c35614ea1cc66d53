package net.voltlane.server.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.voltlane.protocol.CloseCode;
import net.voltlane.testkit.pages.Page;
import org.junit.jupiter.api.Test;

/** The codes of Close frames, as the page for WebSocket lists them and the code sends them. */
final class CloseStatusTest {
    private static final String PAGE = Page.read("docs/WEBSOCKET.md").text();
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (1\\d{3}) \\| [^|]+ \\| ([^|]+) \\|$");
    private static final Pattern NAMED = Pattern.compile("\\b40(?:0[1-9]|1\\d)\\b");

    /** The codes of the page's table, each with what it says of the session. */
    private static Map<Integer, String> table() {
        Map<Integer, String> rows = new TreeMap<>();
        for (Matcher row = ROW.matcher(PAGE); row.find(); ) {
            rows.put(Integer.valueOf(row.group(1)), row.group(2));
        }
        return rows;
    }

    /** The constants of the class that may be sent, but for the base of Voltlane's own. */
    private static Set<Integer> sent() throws IllegalAccessException {
        Set<Integer> codes = new TreeSet<>();
        for (Field field : CloseStatus.class.getDeclaredFields()) {
            field.setAccessible(true);
            int code = field.getType() == int.class ? field.getInt(null) : CloseStatus.NONE;
            boolean isBound = field.getName().matches("FIRST_.*|LAST_.*");
            if (!isBound && code != CloseStatus.VOLTLANE && CloseStatus.isSendable(code)) {
                codes.add(code);
            }
        }
        return codes;
    }

    @Test
    void theTableHasEveryCodeThatIsSentAndNoOther() throws IllegalAccessException {
        assertThat(table().keySet()).isEqualTo(sent()).isNotEmpty();
        assertThat(Arrays.stream(MessageFault.values()).map(MessageFault::status))
                .as("of a breach of RFC 6455")
                .isSubsetOf(table().keySet());
    }

    @Test
    void eachReasonOfVoltlaneHasItsCodeAndItsRow() {
        for (CloseCode why : CloseCode.values()) {
            int status = CloseStatus.of(why);
            assertThat(CloseStatus.isSendable(status)).as("%s", why).isTrue();
            if (status >= CloseStatus.VOLTLANE) {
                assertThat(status).as("%s", why).isEqualTo(4000 + why.code());
            } else {
                assertThat(table()).as("%s", why).containsEntry(status, why.endsSession() ? "over" : "may be resumed");
            }
        }
        assertThat(PAGE).contains("| 4000 + n | n is the code of [Close in version 3](PROTOCOL3.md).");
    }

    /** The codes that clients meet most are named one by one. */
    @Test
    void theCodesNamedOnThePageAreThoseOfTheProtocol() {
        assertThat(NAMED.matcher(PAGE).results().map(MatchResult::group).distinct())
                .containsExactly(
                        code(CloseCode.KICKED),
                        code(CloseCode.NO_SESSION),
                        code(CloseCode.OVERFLOW),
                        code(CloseCode.VIOLATION),
                        code(CloseCode.BUSY),
                        code(CloseCode.TAKEN_OVER),
                        code(CloseCode.SILENT));
    }

    private static String code(CloseCode why) {
        return String.valueOf(CloseStatus.of(why));
    }
}
