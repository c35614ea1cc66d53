package net.voltlane.systemtest.sources;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.ModuleTree;
import com.sun.source.tree.PackageTree;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The packages of a source tree, and which of them names which other one, in an import or in full. */
final class Packages {
    private final Map<String, Set<String>> uses;
    private final Map<String, Finding> places;

    private Packages(Map<String, Set<String>> uses, Map<String, Finding> places) {
        this.uses = uses;
        this.places = places;
    }

    static Packages of(SourceTree tree) {
        Map<String, Set<String>> uses = new TreeMap<>();
        Map<String, Finding> places = new TreeMap<>();
        for (CompilationUnitTree unit : tree.units()) {
            if (unit.getModule() != null) {
                continue; // module-info.java is of no package
            }
            String name = unit.getPackageName().toString();
            uses.put(name, new TreeSet<>());
            places.putIfAbsent(name, new Finding(SourceTree.file(unit).getParent(), 1, name, 1));
        }
        new Scan(tree) {
            @Override
            public Void visitModule(ModuleTree declaration, CompilationUnitTree unit) {
                return null;
            }

            @Override
            public Void visitPackage(PackageTree declaration, CompilationUnitTree unit) {
                return null;
            }

            @Override
            public Void visitMemberSelect(MemberSelectTree select, CompilationUnitTree unit) {
                String owner = unit.getPackageName().toString();
                String used = packageOf(select.toString(), uses.keySet());
                if (used == null) {
                    return super.visitMemberSelect(select, unit);
                }
                if (!used.equals(owner)) {
                    uses.get(owner).add(used);
                }
                return null;
            }
        }.findings();
        return new Packages(uses, places);
    }

    /** The packages from which a way of imports leads back to them. */
    List<Finding> inCircles() {
        List<Finding> inCircles = new ArrayList<>();
        for (String name : uses.keySet()) {
            if (reachableFrom(name).contains(name)) {
                inCircles.add(places.get(name));
            }
        }
        return inCircles;
    }

    /** The longest of the packages that a name in full begins with; null if there is none. */
    private static @Nullable String packageOf(String name, Set<String> packages) {
        for (int end = name.lastIndexOf('.'); end > 0; end = name.lastIndexOf('.', end - 1)) {
            if (packages.contains(name.substring(0, end))) {
                return name.substring(0, end);
            }
        }
        return null;
    }

    private Set<String> reachableFrom(String start) {
        Set<String> reached = new HashSet<>();
        Deque<String> next = new ArrayDeque<>(uses.get(start));
        while (!next.isEmpty()) {
            String name = next.remove();
            if (reached.add(name)) {
                next.addAll(uses.get(name));
            }
        }
        return reached;
    }
}
