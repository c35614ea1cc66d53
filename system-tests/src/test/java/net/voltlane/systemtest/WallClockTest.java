package net.voltlane.systemtest;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Calendar;
import java.util.Date;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import net.voltlane.backend.VoltlaneBackend;
import net.voltlane.cli.Voltlane;
import net.voltlane.client.VoltlaneClient;
import net.voltlane.proof.KeyPair;
import net.voltlane.protocol.Frame;
import net.voltlane.server.VoltlaneServer;
import org.junit.jupiter.api.Test;

/**
 * The wall clock may jump (NTP, a suspended machine, an operator): nothing depends on it, because nothing reads it.
 * What stamps log lines is the logging library. Timeouts run by {@code System.nanoTime}, and so do Netty's. Only the
 * dates of certificates are compared with it. The wiring passes it to those who do, as a reference.
 */
class WallClockTest {
    private static final DescribedPredicate<JavaCall<?>> READ_THE_WALL_CLOCK = target(
                    owner(resideInAnyPackage("java.time..")
                            .and(not(belongToAnyOf(ZoneId.class))) // where it is, not when
                            .or(belongToAnyOf(Date.class, Calendar.class))))
            .and(target(nameMatching("now|system.*|getInstance|<init>|millis|instant")))
            .or(target(owner(belongToAnyOf(System.class))).and(target(nameMatching("currentTimeMillis"))))
            .or(target(owner(belongToAnyOf(LockSupport.class))).and(target(nameMatching("parkUntil"))))
            .as("read the wall clock");

    private static final ArchRule NOBODY_READS_IT = noClasses()
            .that()
            .resideOutsideOfPackage("net.voltlane.bench..") // its reports say when they were made
            .should()
            .callCodeUnitWhere(READ_THE_WALL_CLOCK.forSubtype());

    @Test
    void noClassReadsTheWallClock() {
        JavaClasses all = new ClassFileImporter()
                .importUrls(Stream.of(
                                Voltlane.class,
                                VoltlaneServer.class,
                                VoltlaneClient.class,
                                VoltlaneBackend.class,
                                KeyPair.class,
                                Frame.class)
                        .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                        .toList());
        assertThat(all.contain(VoltlaneServer.class)).isTrue();
        assertThat(all.contain("net.voltlane.server.session.Sessions")).isTrue();
        NOBODY_READS_IT.check(all);
    }

    @Test
    void theRuleKnowsAClockWhenItSeesOne() {
        for (Class<?> type : new Class<?>[] {Millis.class, Now.class, OldDate.class, ClockReader.class}) {
            JavaClasses one = new ClassFileImporter().importClasses(type);
            assertThatThrownBy(() -> NOBODY_READS_IT.check(one)).isInstanceOf(AssertionError.class);
        }
    }

    static final class Millis {
        long read() {
            return System.currentTimeMillis();
        }
    }

    static final class Now {
        Instant read() {
            return Instant.now();
        }
    }

    static final class OldDate {
        @SuppressWarnings("JavaUtilDate")
        Date read() {
            return new Date();
        }
    }

    static final class ClockReader {
        Clock read() {
            return Clock.systemUTC();
        }
    }
}
