package net.voltlane.site;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A language of code blocks, known well enough to colour comments, strings, words and numbers.
 *
 * @param token finds the next token; its groups have the names of {@link #CLASSES}
 */
record Language(Pattern token) {
    private static final String STRINGS = "\"(?:[^\"\\\\\\n]++|\\\\.)*+\"|'(?:[^'\\\\\\n]++|\\\\.)*+'";
    private static final String NUMBERS = "(?<![\\w.])\\d[\\w.]*+";
    private static final String HASH = "(?<![^\\s])#[^\\n]*+";

    /** Names of groups, and of the classes of the style sheet. */
    private static final List<String> CLASSES = List.of("comment", "string", "word", "number");

    private static final Language NONE = new Language(Pattern.compile("(?!)"));
    private static final Language JAVA = of(
            "//[^\\n]*+|/\\*[\\s\\S]*?\\*/",
            "\"\"\"[\\s\\S]*?\"\"\"|" + STRINGS,
            "@\\w+|\\b(?:abstract|boolean|break|byte|case|catch|char|class|continue|default|do|double|else|enum|extends"
                    + "|final|finally|float|for|if|implements|import|instanceof|int|interface|long|new|null|package|private"
                    + "|protected|public|record|return|short|static|super|switch|synchronized|this|throw|throws|true|false"
                    + "|try|val|var|void|volatile|while)\\b",
            NUMBERS);
    private static final Language JAVASCRIPT = of(
            "//[^\\n]*+|/\\*[\\s\\S]*?\\*/",
            "`[^`]*+`|" + STRINGS,
            "\\b(?:async|await|break|case|catch|class|const|continue|default|delete|else|export|extends|false|finally|for"
                    + "|from|function|if|import|in|instanceof|let|new|null|of|return|static|super|switch|this|throw|true"
                    + "|try|typeof|undefined|while|yield)\\b",
            NUMBERS);
    private static final Language SHELL = of(
            HASH,
            "\"(?:[^\"\\\\]++|\\\\[\\s\\S])*+\"|'[^']*+'",
            "\\b(?:case|do|done|elif|else|esac|exec|exit|export|fi|for|if|in|set|then|while)\\b(?![-./=])",
            "\\$\\{?\\w+\\}?|" + NUMBERS);
    private static final Language SETTINGS = of(
            HASH,
            STRINGS,
            "(?m:^[ \\t-]*+\\[[^\\n\\]]*+\\]++)|[\\w.-]++(?=[ \\t]*(?:=|:(?:\\s|$)))|\\b(?:true|false)\\b",
            NUMBERS);
    private static final Language MARKUP = of("<!--[\\s\\S]*?-->", STRINGS, "</?[\\w:.-]++|/?>|<!\\w++", "&\\w++;");
    private static final Language JSON =
            of("(?!)", "(?:" + STRINGS + ")(?!\\s*:)", STRINGS + "|\\b(?:true|false|null)\\b", NUMBERS);

    private static final Map<String, Language> BY_NAME = Map.ofEntries(
            Map.entry("java", JAVA),
            Map.entry("kotlin", JAVA),
            Map.entry("js", JAVASCRIPT),
            Map.entry("sh", SHELL),
            Map.entry("console", SHELL),
            Map.entry("toml", SETTINGS),
            Map.entry("ini", SETTINGS),
            Map.entry("service", SETTINGS),
            Map.entry("cfg", SETTINGS),
            Map.entry("haproxy", SETTINGS),
            Map.entry("nginx", SETTINGS),
            Map.entry("yaml", SETTINGS),
            Map.entry("yml", SETTINGS),
            Map.entry("dockerfile", SETTINGS),
            Map.entry("xml", MARKUP),
            Map.entry("html", MARKUP),
            Map.entry("json", JSON));

    /** The language of a name, which is that of a block or the ending of a file. One that is not known has no colours. */
    static Language named(String name) {
        return BY_NAME.getOrDefault(name, NONE);
    }

    private static Language of(String comment, String string, String word, String number) {
        return new Language(Pattern.compile("(?<comment>" + comment + ")|(?<string>" + string + ")|(?<word>" + word
                + ")|(?<number>" + number + ")"));
    }

    /** Returns the code as HTML, with a span around each token. */
    String highlight(String code) {
        StringBuilder html = new StringBuilder();
        int done = 0;
        for (Matcher next = token.matcher(code); next.find(); ) {
            html.append(Html.escape(code.substring(done, next.start())));
            html.append("<span class=\"").append(classOf(next)).append("\">");
            html.append(Html.escape(next.group())).append("</span>");
            done = next.end();
        }
        return html.append(Html.escape(code.substring(done))).toString();
    }

    private static String classOf(Matcher token) {
        return CLASSES.stream()
                .filter(name -> token.group(name) != null)
                .findFirst()
                .orElseThrow();
    }
}
