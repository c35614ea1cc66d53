package net.voltlane.site;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The colours of code. */
class LanguageTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    java  | int x = 2; // if   | [word int] x = [number 2]; [comment // if]
                    java  | "a \\" b" + 'c'    | [string &quot;a \\&quot; b&quot;] + [string 'c']
                    java  | a < b && format    | a &lt; b &amp;&amp; format
                    js    | const a = `x`;     | [word const] a = [string `x`];
                    sh    | a=$b # c           | a=[number $b] [comment # c]
                    sh    | grep 'if' a#b      | grep [string 'if'] a#b
                    toml  | [tls]              | [word [tls]]
                    toml  | a.b = "c" # d      | [word a.b] = [string &quot;c&quot;] [comment # d]
                    yaml  | - alert: Down      | - [word alert]: Down
                    xml   | <a b="c">d</a>     | [word &lt;a] b=[string &quot;c&quot;][word &gt;]d[word &lt;/a][word &gt;]
                    json  | {"a": ["b", 1.5]}  | {[word &quot;a&quot;]: [[string &quot;b&quot;], [number 1.5]]}
                    wire  | int "x" // 1       | int &quot;x&quot; // 1
                    """)
    void tokensAreMarked(String language, String code, String expected) {
        assertThat(Language.named(language).highlight(code))
                .isEqualTo(expected.replaceAll(
                        "\\[(word|string|comment|number) (\\[tls]|[^]]*)]", "<span class=\"$1\">$2</span>"));
    }

    @Test
    void aLongStringIsNoMatterOfTheStack() {
        String code = "\"" + "a\\n".repeat(100_000) + "\"";
        for (String language : new String[] {"java", "js", "sh", "toml", "json", "xml"}) {
            assertThat(Language.named(language).highlight(code)).startsWith("<span class=\"string\">");
        }
    }
}
