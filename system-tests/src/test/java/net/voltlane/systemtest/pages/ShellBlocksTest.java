package net.voltlane.systemtest.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.voltlane.testkit.Tools;
import net.voltlane.testkit.pages.Block;
import net.voltlane.testkit.pages.Page;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every shell block of the pages, run from the top of its page to the end by a {@link Reader}. The comment on the line
 * before a block says what is to come of it:
 *
 * <ul>
 *   <li>{@code <!-- run: shows "TEXT" -->}: it ends with status 0 and has shown that text; {@code , status N} for
 *       another one
 *   <li>{@code <!-- run: stays, after "TEXT" -->}: it runs on, and the reader goes on once it has shown that text;
 *       {@code , instead of "COMMAND"} stops first what was started by that command
 *   <li>{@code <!-- not run: REASON -->}
 *   <li>{@code <!-- file: NAME -->}, before a block of another language: the reader saves it
 *   <li>{@code <!-- typed into "COMMAND" -->}, before text: the reader types it into what was started by that command;
 *       {@code ^C} stops it
 *   <li>{@code <!-- shown by "COMMAND" -->}, before text: that program has shown these lines, and nothing else, since the
 *       last such block about it
 *   <li>{@code <!-- output -->}, before text: what the block before has shown, with other figures
 * </ul>
 */
@DisabledOnOs(OS.WINDOWS)
class ShellBlocksTest {
    @TempDir
    static Path home;

    private static BuiltTree tree;

    @BeforeAll
    static void build() throws IOException {
        tree = BuiltTree.copiedTo(Files.createDirectory(home.resolve("built")));
    }

    static List<Page> pages() {
        return Page.all().stream()
                .filter(page -> page.blocks().stream().anyMatch(ShellBlocksTest::isForTheReader))
                .toList();
    }

    private static boolean isForTheReader(Block block) {
        return block.language().equals("sh") && !block.isExcused()
                || block.mark().equals("output");
    }

    private static boolean uses(String program, Page page) {
        return page.blocks().stream()
                .anyMatch(block -> isForTheReader(block) && block.text().contains(program + " "));
    }

    @Test
    void theReadmeIsOneOfThem() {
        assertThat(pages()).extracting(page -> page.path().toString()).contains("README.md");
    }

    @ParameterizedTest
    @MethodSource("pages")
    @Timeout(300)
    void aReaderGetsToTheEndOfThePage(Page page) throws Exception {
        for (String program : List.of("curl", "openssl")) {
            if (uses(program, page)) {
                Tools.needProgram(program);
            }
        }
        if (uses("node", page)) {
            Tools.needNode();
        }
        try (Reader reader = new Reader(Files.createTempDirectory(home, "page"), tree)) {
            for (Block block : page.blocks()) {
                reader.read(block);
            }
        }
    }
}
