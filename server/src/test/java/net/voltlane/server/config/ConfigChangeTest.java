package net.voltlane.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.voltlane.server.guard.CidrSet;
import org.junit.jupiter.api.Test;

/** A change names every setting that differs, and keeps the old value where only a restart brings the new one. */
class ConfigChangeTest {
    private static final ServerConfig NOW = ServerConfig.defaults();

    @Test
    void eachChangedKeyIsNamedByTheTimeAtWhichItTakesEffect() {
        ServerConfig next = NOW.withGeneral(NOW.general().withLogLevel(LogLevel.DEBUG))
                .withListener(NOW.listener().withThreads(3).withMaxFrameSize(1).withAddress(new Address("0.0.0.0", 1)))
                .withLimits(NOW.limits().withMaxClients(7).withDeny(CidrSet.of(List.of("192.0.2.1"))));

        ConfigChange change = ConfigChange.between(NOW, next);

        assertThat(change.atOnce()).containsExactly("general.log_level", "limits.max_clients", "limits.deny");
        assertThat(change.newLinks()).containsExactly("listener.max_frame_size");
        assertThat(change.atRestart()).containsExactly("listener.address", "listener.threads");
    }

    @Test
    void whatWaitsForARestartKeepsItsValueAndIsNamedAgain() {
        ServerConfig next = NOW.withListener(
                NOW.listener().withThreads(3).withMaxFrameSize(1).withKeyFile("other.key"));

        ConfigChange change = ConfigChange.between(NOW, next);

        assertThat(change.inEffect()).isEqualTo(NOW.withListener(NOW.listener().withMaxFrameSize(1)));
        ConfigChange again = ConfigChange.between(change.inEffect(), next);
        assertThat(again.newLinks()).isEmpty();
        assertThat(again.atRestart()).containsExactly("listener.key_file", "listener.threads");
    }

    @Test
    void withoutADifferenceThereIsNothingToTell() {
        assertThat(ConfigChange.between(NOW, ServerConfig.defaults()))
                .isEqualTo(new ConfigChange(NOW, List.of(), List.of(), List.of(), List.of(), List.of()));
    }
}
