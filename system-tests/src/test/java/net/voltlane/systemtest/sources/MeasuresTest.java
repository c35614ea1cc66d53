package net.voltlane.systemtest.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasuresTest {
    @TempDir
    private Path folder;

    private SourceTree tree(String... files) throws IOException {
        for (int i = 0; i < files.length; i++) {
            Files.writeString(folder.resolve("F" + i + ".java"), files[i]);
        }
        return SourceTree.parse("module/main", true, folder);
    }

    private static List<String> shown(List<Finding> findings) {
        return findings.stream().map(Finding::toString).toList();
    }

    @Test
    void aFileIsAsLongAsItsLines() throws IOException {
        assertThat(shown(Measures.files(tree("class A {\n\n}\n", "\n\n\nclass B {}\n\n// end\n"))))
                .containsExactly("F1.java:4 the file: 6", "F0.java:1 the file: 3");
    }

    @Test
    void aMethodIsAsLongAsItsBody() throws IOException {
        assertThat(shown(Measures.methods(
                        tree("class A {\n  /** Doc. */\n  @Deprecated\n  void b() {\n    int c;\n  }\n  A() {}\n}"))))
                .containsExactly("F0.java:3 b(): 3", "F0.java:7 <init>()");
    }

    @Test
    void parametersAreCountedButForThoseOfARecord() throws IOException {
        assertThat(shown(Measures.parameters(tree(
                        "record A(int b, int c) {\n A(int b, int c) {}\n static void d(int e, int f, int g) {}\n}"))))
                .containsExactly("F0.java:3 d(): 3");
    }

    @Test
    void aFieldIsMutableAndSeenByOthers() throws IOException {
        assertThat(shown(Measures.mutableFields(tree("""
                        class A {
                            int seen;
                            private int hidden;
                            final int constant = 1;
                            @Nullable String seenOrNull;
                            @Option("--set") String set;
                            private static class B { int inside; }
                            static class C { protected int seenToo; }
                            enum D { E; static int seenAsWell; }
                            interface F { int CONSTANT = 1; }
                            void g() { int local; new A() { int inside; }; }
                        }
                        """))))
                .containsExactly("F0.java:2 seen", "F0.java:5 seenOrNull", "F0.java:8 seenToo", "F0.java:9 seenAsWell");
    }

    @Test
    void packagesThatImportEachOtherAreACircle() throws IOException {
        assertThat(Measures.circles(tree(
                        "package a; import a.b.B; class A {}",
                        "package a.b; class B { a.b.c.C c; }",
                        "package a.b.c; import static a.b.B.*; class C {}",
                        "package a.d; import a.A; class D {}")))
                .extracting(Finding::what)
                .containsExactly("a.b", "a.b.c");
    }

    @Test
    void aJavadocOpensWithANounOrAVerb() throws IOException {
        assertThat(shown(Measures.javadocOpenings(tree("/** How. */ package a;", """
                        /** A type. */
                        class A {
                            /** Whatever. */ int a;
                            /** The same as before. */ int b;
                            /**
                             * Whether it is.
                             * What it is.
                             */
                            boolean c() { return true; }
                            // What it is not.
                            enum D {
                                /** Who. */ E
                            }
                        }
                        """))))
                .containsExactly(
                        "F0.java:1 \"How. \"",
                        "F1.java:4 \"The same as before. \"",
                        "F1.java:9 \"Whether it is.\"",
                        "F1.java:12 \"Who. \"");
    }

    @Test
    void aBoundIsTheAimWhereTheTableSaysNothing() throws IOException {
        SourceTree tree = tree("class A {}");
        List<String> lines = List.of("# aims", "module/main 401 . 8 . . 12");
        assertThat(Bounds.parse(lines).of(tree, Rule.FILE_LINES)).isEqualTo(401);
        assertThat(Bounds.parse(lines).of(tree, Rule.METHOD_LINES)).isEqualTo(Rule.METHOD_LINES.aimOfMain);
        assertThat(Bounds.parse(lines).of(tree, Rule.JAVADOC)).isEqualTo(12);
        assertThat(Bounds.parse(List.of()).of(tree, Rule.JAVADOC)).isZero();
    }

    @Test
    void aTreeThatMeetsAllAimsHasNoLine() throws IOException {
        SourceTree tree = tree("class A {}");
        Map<Rule, Integer> values = new EnumMap<>(Rule.class);
        for (Rule rule : Rule.values()) {
            values.put(rule, rule.aimOfMain);
        }
        int head = Bounds.table(List.of()).size();
        assertThat(Bounds.table(List.of(Bounds.line(tree, values)))).hasSize(head);
        values.put(Rule.PARAMETERS, 8);
        String line = Bounds.line(tree, values);
        assertThat(line.strip().split(" +")).containsExactly("module/main", ".", ".", "8", ".", ".", ".");
        assertThat(Bounds.table(List.of(line))).hasSize(head + 1).endsWith(line);
    }
}
