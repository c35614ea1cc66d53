package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import org.junit.jupiter.api.Test;

/** The provider for SLF4J that the main class names. */
final class LoggingProviderTest {

    @Test
    void onlyWarningsAreLoggedUntilLoggingIsSetUp() {
        LoggingProvider provider = new LoggingProvider();
        provider.initialize();
        LoggerContext context = (LoggerContext) provider.getLoggerFactory();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        assertThat(root.getLevel()).isEqualTo(Level.WARN);
        assertThat(root.iteratorForAppenders()).toIterable().hasSize(1);
        assertThat(context.isStarted()).isTrue();
        assertThat(context.getMDCAdapter()).isSameAs(provider.getMDCAdapter());
        context.stop();
    }

    /** SLF4J refuses providers that were made for another version. */
    @Test
    void slf4jTakesIt() {
        LoggingProvider provider = new LoggingProvider();
        assertThat(provider.getRequestedApiVersion()).startsWith("2.0.");
        assertThat(provider.getMarkerFactory().getMarker("a"))
                .isSameAs(provider.getMarkerFactory().getMarker("a"));
    }
}
