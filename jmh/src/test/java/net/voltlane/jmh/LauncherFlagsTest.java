package net.voltlane.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Figures are of production only under the flags of production. */
final class LauncherFlagsTest {
    private static final Pattern NETTY_FLAG = Pattern.compile("-D(io\\.netty\\.[\\w.]+)=(\\w+)");

    @Test
    void nettyIsSetAsTheLauncherSetsIt() throws IOException {
        String launcher = Files.readString(Path.of("../launcher/flags.sh"));
        List<String> flags = NETTY_FLAG
                .matcher(launcher)
                .results()
                .map(flag -> flag.group(1) + "=" + flag.group(2))
                .toList();
        assertThat(flags).isNotEmpty().allSatisfy(flag -> {
            String name = flag.substring(0, flag.indexOf('='));
            assertThat(flag).isEqualTo(name + "=" + System.getProperty(name));
        });
    }
}
