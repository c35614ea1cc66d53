package net.voltlane.protocol.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.voltlane.protocol.Frame;

/** A page under docs/ whose fenced blocks are examples of bytes. */
record Document(String name) {

    private static final String FENCE = "```";

    /** Matches bytes in hex, at least two blanks, and a remark. */
    private static final Pattern HEX_AND_REMARK = Pattern.compile("((?:[0-9a-f]+ ?)*?)\\s{2,}(\\S.*)");

    /** A frame on the page: its sender, its description, its bytes. */
    record Example(String sender, String what, byte[] frame) {

        /** Returns the frame's payload, of the length that its prefix tells. */
        byte[] payload() {
            assertThat(Frame.length(frame, 0)).as(what).isEqualTo(frame.length - Frame.PREFIX_BYTES);
            return Arrays.copyOfRange(frame, Frame.PREFIX_BYTES, frame.length);
        }
    }

    List<String> lines() {
        try {
            return Files.readAllLines(Path.of("..", "docs", name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the lines of all fenced blocks of one kind, of which there is at least one. */
    List<String> lines(String kind) {
        List<String> lines = new ArrayList<>();
        boolean inside = false;
        for (String line : lines()) {
            if (line.startsWith(FENCE)) {
                inside = line.equals(FENCE + kind);
            } else if (inside && !line.isBlank()) {
                lines.add(line);
            }
        }
        assertThat(lines).as(kind).isNotEmpty();
        return lines;
    }

    /** Returns the frames in all fenced blocks of one kind. */
    List<Example> examples(String kind) {
        List<Example> examples = new ArrayList<>();
        for (String line : lines(kind)) {
            if (line.startsWith(" ")) {
                Example last = examples.remove(examples.size() - 1);
                examples.add(new Example(last.sender(), last.what(), joined(last.frame(), hex(line))));
            } else {
                String[] parts = line.split("\\s+", 2);
                assertThat(parts[0]).isIn("client", "server", "backend");
                examples.add(new Example(parts[0], parts[1], new byte[0]));
            }
        }
        return examples;
    }

    /** Returns the cells of a table's rows, without its head: the table whose first line starts like this. */
    List<List<String>> table(String head) {
        List<List<String>> rows = lines().stream()
                .dropWhile(line -> !line.startsWith(head))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> Arrays.stream(line.substring(1).split("\\|"))
                        .map(String::strip)
                        .toList())
                .toList();
        assertThat(rows).as(head).isNotEmpty();
        return rows;
    }

    /** Takes a line apart: bytes in hex as group 1, a remark as group 2. */
    static Matcher parts(String line) {
        Matcher parts = HEX_AND_REMARK.matcher(line);
        assertThat(parts.matches()).as(line).isTrue();
        return parts;
    }

    /** Parses hex digits; blanks are ignored. */
    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    private static byte[] joined(byte[] head, byte[] tail) {
        return ByteBuffer.allocate(head.length + tail.length)
                .put(head)
                .put(tail)
                .array();
    }
}
