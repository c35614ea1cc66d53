package net.voltlane.systemtest.sources;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import net.voltlane.testkit.pages.Page;
import org.jspecify.annotations.Nullable;

/** The parsed sources of a module's main part or of its tests. They are parsed by the compiler, but not compiled. */
final class SourceTree {
    private static final Pattern MODULE = Pattern.compile("<module>(.*)</module>");

    private final String name;
    private final boolean isMain;
    private final List<CompilationUnitTree> units;
    private final DocTrees trees;

    private SourceTree(String name, boolean isMain, List<CompilationUnitTree> units, DocTrees trees) {
        this.name = name;
        this.isMain = isMain;
        this.units = units;
        this.trees = trees;
    }

    /** All source trees of the project, in the order of the modules in its {@code pom.xml}. */
    static List<SourceTree> all() {
        List<SourceTree> all = new ArrayList<>();
        Matcher modules = MODULE.matcher(read(Page.PROJECT.resolve("pom.xml")));
        while (modules.find()) {
            for (String part : List.of("main", "test")) {
                Path folder = Page.PROJECT.resolve(modules.group(1)).resolve("src/" + part + "/java");
                if (Files.isDirectory(folder)) {
                    all.add(parse(modules.group(1) + "/" + part, part.equals("main"), folder));
                }
            }
        }
        return all;
    }

    /** Parses what lies below a folder. */
    static SourceTree parse(String name, boolean isMain, Path folder) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> found = Files.walk(folder)) {
            List<Path> sources = found.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            List<CompilationUnitTree> units = new ArrayList<>();
            task.parse().forEach(units::add);
            return new SourceTree(name, isMain, units, DocTrees.instance(task));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The name of its line in the table, such as {@code server/main}. */
    String name() {
        return name;
    }

    boolean isMain() {
        return isMain;
    }

    List<CompilationUnitTree> units() {
        return units;
    }

    /** The line on which a tree begins. */
    long line(CompilationUnitTree unit, Tree tree) {
        return unit.getLineMap().getLineNumber(trees.getSourcePositions().getStartPosition(unit, tree));
    }

    /** The number of lines from the first character of a tree to its last. */
    int lines(CompilationUnitTree unit, Tree tree) {
        long end = trees.getSourcePositions().getEndPosition(unit, tree);
        return (int) (unit.getLineMap().getLineNumber(end) - line(unit, tree) + 1);
    }

    /** The number of lines of a file. */
    int lines(CompilationUnitTree unit) {
        return read(Path.of(unit.getSourceFile().toUri())).split("\\R").length;
    }

    /** The text of the Javadoc of what a path leads to; null where it has none. */
    @Nullable
    String javadoc(TreePath path) {
        return trees.getDocComment(path);
    }

    /** The file of a unit, relative to the project's folder where it is below that. */
    static Path file(CompilationUnitTree unit) {
        Path file = Path.of(unit.getSourceFile().toUri());
        return file.startsWith(Page.PROJECT) ? Page.PROJECT.relativize(file) : file.getFileName();
    }

    @Override
    public String toString() {
        return name;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
