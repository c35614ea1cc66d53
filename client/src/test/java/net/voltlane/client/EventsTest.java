package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.proof.KeyPair;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Tests of the log lines about a session. */
class EventsTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(VoltlaneClient.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        logger.setLevel(Level.DEBUG);
        logger.setAdditive(false);
        logger.addAppender(lines);
        lines.start();
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(lines);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    @Test
    @SuppressWarnings("NullAway") // no callback looks at the client
    void logLinesNameTheSessionAndSayWhatHappenedAndWhatFollows() {
        KeyPair keys = KeyPair.generate(new SecureRandom());
        SessionState state = new SessionState(7, keys, keys.publicKey());
        Events events = new Events(null, new ClientListener() {});

        events.connected(state, true);
        events.suspended(state, new IOException("Connection reset"));
        events.resumed(state);
        events.sessionGone(state, new SessionGoneException("the server does not know it", null), 1);
        events.closed(state, new ClientClosedException("this client was closed", null), 0);
        events.closed(state, new UnreachableException("no connection", null), 3);

        assertThat(lines.list)
                .extracting(event -> event.getLevel() + " " + event.getFormattedMessage())
                .containsExactly(
                        "DEBUG Session 7 opened",
                        "INFO Session 7 lost its connection, trying to resume it: Connection reset",
                        "INFO Session 7 resumed",
                        "WARN Session 7 is gone: the server does not know it; opening a new one, 1 packet not sent",
                        "DEBUG Session 7 closed",
                        "WARN Session 7 closed: no connection; 3 packets not sent");
    }

    @Test
    @SuppressWarnings("NullAway") // no callback looks at the client
    void theProgramHearsOfTheEndEvenWhereTheLineCannotBeWritten() {
        AppenderBase<ILoggingEvent> full = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                throw new OutOfMemoryError("the test's");
            }
        };
        full.start();
        logger.addAppender(full);
        KeyPair keys = KeyPair.generate(new SecureRandom());
        List<CloseReason> heard = new ArrayList<>();
        Events events = new Events(null, new ClientListener() {
            @Override
            public void closed(VoltlaneClient client, CloseReason reason, boolean retryable) {
                heard.add(reason);
            }
        });
        try {
            SessionState state = new SessionState(7, keys, keys.publicKey());
            assertThatThrownBy(() -> events.closed(state, new ClientFailedException("no memory", null), 0))
                    .isInstanceOf(OutOfMemoryError.class);
        } finally {
            logger.detachAppender(full);
        }
        assertThat(heard).containsExactly(CloseReason.FAILED);
    }
}
