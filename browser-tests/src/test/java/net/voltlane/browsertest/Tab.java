package net.voltlane.browsertest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.CDPSession;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A tab of a browser profile that Playwright does not know. The pages that Playwright knows are always in view, and
 * Chromium freezes no page that is: this one can be hidden and frozen, as when the lid of the computer is closed.
 */
final class Tab implements AutoCloseable {
    private final CDPSession browser;
    private final String profile;
    private final String session;
    private final Map<Integer, JsonObject> answers = new HashMap<>();
    private int calls;

    Tab(Browser playwright, String url) {
        browser = playwright.newBrowserCDPSession();
        browser.on("Target.receivedMessageFromTarget", this::answered);
        profile = browser.send("Target.createBrowserContext")
                .get("browserContextId")
                .getAsString();
        String target = browser.send("Target.createTarget", object("url", url, "browserContextId", profile))
                .get("targetId")
                .getAsString();
        session = browser.send("Target.attachToTarget", object("targetId", target, "flatten", false))
                .get("sessionId")
                .getAsString();
    }

    private static JsonObject object(Object... namesAndValues) {
        JsonObject object = new JsonObject();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String name = (String) namesAndValues[i];
            if (namesAndValues[i + 1] instanceof Boolean value) {
                object.addProperty(name, value);
            } else {
                object.addProperty(name, (String) namesAndValues[i + 1]);
            }
        }
        return object;
    }

    private void answered(JsonObject event) {
        JsonObject answer =
                JsonParser.parseString(event.get("message").getAsString()).getAsJsonObject();
        if (answer.has("id")) {
            answers.put(answer.get("id").getAsInt(), answer);
        }
    }

    private JsonObject call(String method, JsonObject parameters) {
        int id = ++calls;
        JsonObject message = object("method", method);
        message.addProperty("id", id);
        message.add("params", parameters);
        browser.send("Target.sendMessageToTarget", object("sessionId", session, "message", message.toString()));
        // Playwright hands events over while it waits for an answer itself.
        await().pollInSameThread()
                .atMost(Chromium.PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .until(() -> {
                    browser.send("Browser.getVersion");
                    return answers.containsKey(id);
                });
        JsonObject answer = answers.remove(id);
        assertThat(answer.has("error")).as(answer.toString()).isFalse();
        return answer.getAsJsonObject("result");
    }

    /** Returns the value of an expression in the page; null where it is undefined. */
    @Nullable
    JsonElement evaluate(String expression) {
        JsonObject answer = call("Runtime.evaluate", object("expression", expression, "returnByValue", true));
        assertThat(answer.has("exceptionDetails")).as(answer.toString()).isFalse();
        return answer.getAsJsonObject("result").get("value");
    }

    /** Waits until an expression has a value, which is given as JSON; words in it need no quotes. */
    void awaitValue(String expression, String json) {
        await().pollInSameThread()
                .atMost(Chromium.PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .untilAsserted(
                        () -> assertThat(evaluate(expression)).as(expression).isEqualTo(JsonParser.parseString(json)));
    }

    /** Hides the page and stops all that runs in it. */
    void freeze() {
        call("Page.setWebLifecycleState", object("state", "frozen"));
    }

    /** Lets the page go on. */
    void wake() {
        call("Page.setWebLifecycleState", object("state", "active"));
    }

    @Override
    public void close() {
        browser.send("Target.disposeBrowserContext", object("browserContextId", profile));
        browser.detach();
    }
}
