package net.voltlane.server.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads a {@code .env} file as a shell would read it, as far as such files go:
 *
 * <pre>
 * # a comment
 * NAME=value              # spaces before a # end the value
 * export NAME=value       export is allowed and means nothing
 * NAME=                   an empty value
 * NAME='as it is'         nothing is special between single quotes
 * NAME="a\n\"b\""         \n \r \t \" \\ \$ between double quotes
 * NAME=a\ b\#c            a backslash takes its meaning from a space, quote, #, $ or backslash
 * </pre>
 *
 * Quoted values may span lines, since other programs keep their keys in such files. Variables in values are not
 * replaced. Messages never hold any of the content, which is often secret.
 */
final class DotEnv {

    /** A line, or several that a quote holds together; the first is {@code line}, counted from 1. */
    sealed interface Statement {
        int line();
    }

    /** Sets a variable. */
    record Entry(String name, String value, int line) implements Statement {}

    /**
     * Is not understood, and sets nothing.
     *
     * @param isOurs whether the line names one of this project's variables before its {@code =}
     */
    record Fault(String message, boolean isOurs, int line) implements Statement {}

    private static final char END = '\0';

    private final String text;
    private final List<Statement> statements = new ArrayList<>();
    private int at;
    private int line = 1;

    private DotEnv(String text) {
        this.text = text.replace("\r\n", "\n");
    }

    /** All statements in order; a name may be set more than once, and the last one holds. */
    static List<Statement> parse(String text) {
        DotEnv file = new DotEnv(text);
        while (file.at < file.text.length()) {
            file.statement();
        }
        return List.copyOf(file.statements);
    }

    private void statement() {
        skipBlanks();
        if (peek() == '#' || peek() == '\n' || peek() == END) {
            skipLine();
            return;
        }
        int startLine = line;
        int start = at;
        String name = name();
        if (name.equals("export") && isBlank(peek())) {
            skipBlanks();
            name = name();
        }
        skipBlanks();
        if (name.isEmpty() || peek() != '=') {
            statements.add(new Fault("not understood (expected: NAME=value)", isOurs(start), startLine));
            skipLine();
            return;
        }
        next();
        StringBuilder value = new StringBuilder();
        statements.add(
                value(value)
                        ? new Entry(name, value.toString(), startLine)
                        : new Fault("a quote is not closed (expected: a second one)", isOurs(start), startLine));
    }

    private boolean isOurs(int start) {
        int end = start;
        while (end < text.length() && text.charAt(end) != '=' && text.charAt(end) != '\n') {
            end++;
        }
        return text.substring(start, end).contains(Key.VARIABLE_PREFIX);
    }

    private String name() {
        int start = at;
        while (isNamePart(peek(), at > start)) {
            next();
        }
        return text.substring(start, at);
    }

    /** Reads up to the end of the line; false if a quote is left open. */
    private boolean value(StringBuilder value) {
        boolean begun = false;
        int blanks = 0; // they belong to the value only if they stand inside of it
        while (peek() != '\n' && at < text.length()) {
            char c = next();
            if (isBlank(c)) {
                blanks++;
                continue;
            }
            if (c == '#' && blanks > 0) {
                break;
            }
            value.append(" ".repeat(begun ? blanks : 0));
            blanks = 0;
            begun = true;
            if (c == '\'' || c == '"') {
                if (!quoted(c, value)) {
                    return false;
                }
            } else if (c == '\\' && " \t'\"#$\\".indexOf(peek()) >= 0) {
                value.append(next());
            } else {
                value.append(c);
            }
        }
        skipLine();
        return true;
    }

    /** Reads up to the closing quote; where there is none, only this line is lost. */
    private boolean quoted(char quote, StringBuilder value) {
        int openedAt = at;
        int openedOn = line;
        while (at < text.length()) {
            char c = next();
            if (c == quote) {
                return true;
            }
            value.append(c == '\\' && quote == '"' ? escape() : String.valueOf(c));
        }
        at = openedAt;
        line = openedOn;
        skipLine();
        return false;
    }

    private String escape() {
        return switch (peek()) {
            case 'n' -> skipTo("\n");
            case 'r' -> skipTo("\r");
            case 't' -> skipTo("\t");
            case '"', '\\', '$' -> String.valueOf(next());
            default -> "\\";
        };
    }

    private String skipTo(String meaning) {
        next();
        return meaning;
    }

    private void skipLine() {
        while (at < text.length() && next() != '\n') {
            // only the end of the line matters
        }
    }

    private void skipBlanks() {
        while (isBlank(peek())) {
            next();
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : END;
    }

    private char next() {
        char c = text.charAt(at++);
        if (c == '\n') {
            line++;
        }
        return c;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isNamePart(char c, boolean afterFirst) {
        return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_' || afterFirst && c >= '0' && c <= '9';
    }
}
