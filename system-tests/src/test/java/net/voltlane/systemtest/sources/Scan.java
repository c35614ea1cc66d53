package net.voltlane.systemtest.sources;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A walk through all files of a source tree that collects findings. */
abstract class Scan extends TreePathScanner<Void, CompilationUnitTree> {
    final SourceTree tree;

    private final List<Finding> findings = new ArrayList<>();

    Scan(SourceTree tree) {
        this.tree = tree;
    }

    /** Walks through all files and returns what was found, the largest first. */
    final List<Finding> findings() {
        for (CompilationUnitTree unit : tree.units()) {
            scan(new TreePath(unit), unit);
        }
        findings.sort(Comparator.comparingInt(Finding::size).reversed());
        return List.copyOf(findings);
    }

    /** Adds a finding at a place of the file. */
    final void found(CompilationUnitTree unit, Tree place, CharSequence what, int size) {
        findings.add(new Finding(SourceTree.file(unit), tree.line(unit, place), what.toString(), size));
    }
}
