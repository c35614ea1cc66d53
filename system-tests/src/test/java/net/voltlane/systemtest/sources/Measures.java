package net.voltlane.systemtest.sources;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.PackageTree;
import com.sun.source.tree.Tree.Kind;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;

/** The measurements behind the rules. */
final class Measures {
    private static final Pattern OPENING = Pattern.compile(
            "\\s*((How|One|That|The same|These|This|Those|What|When|Where|Whether|Which|Who|Whom|Whose|Why)\\b[^\\n]{0,40})[\\s\\S]*");

    private Measures() {}

    static List<Finding> files(SourceTree tree) {
        return new Scan(tree) {
            @Override
            public Void visitCompilationUnit(CompilationUnitTree unit, CompilationUnitTree same) {
                found(unit, unit, "the file", tree.lines(unit));
                return null;
            }
        }.findings();
    }

    static List<Finding> methods(SourceTree tree) {
        return new Scan(tree) {
            @Override
            public Void visitMethod(MethodTree method, CompilationUnitTree unit) {
                if (method.getBody() != null) {
                    found(unit, method, nameOf(method), tree.lines(unit, method.getBody()));
                }
                return super.visitMethod(method, unit);
            }
        }.findings();
    }

    /** Counts all but the constructor of a record, which has to take all that the record holds. */
    static List<Finding> parameters(SourceTree tree) {
        return new Scan(tree) {
            @Override
            public Void visitMethod(MethodTree method, CompilationUnitTree unit) {
                if (method.getReturnType() != null
                        || getCurrentPath().getParentPath().getLeaf().getKind() != Kind.RECORD) {
                    found(unit, method, nameOf(method), method.getParameters().size());
                }
                return super.visitMethod(method, unit);
            }
        }.findings();
    }

    static List<Finding> mutableFields(SourceTree tree) {
        return new Scan(tree) {
            @Override
            public Void visitVariable(VariableTree variable, CompilationUnitTree unit) {
                Set<Modifier> modifiers = variable.getModifiers().getFlags();
                if (!modifiers.contains(Modifier.PRIVATE)
                        && !modifiers.contains(Modifier.FINAL)
                        && !isSetByAFramework(variable)
                        && isFieldSeenByOtherFiles(getCurrentPath().getParentPath())) {
                    found(unit, variable, variable.getName(), 1);
                }
                return super.visitVariable(variable, unit);
            }
        }.findings();
    }

    static List<Finding> circles(SourceTree tree) {
        return Packages.of(tree).inCircles();
    }

    static List<Finding> javadocOpenings(SourceTree tree) {
        return new Scan(tree) {
            @Override
            public Void visitPackage(PackageTree declaration, CompilationUnitTree unit) {
                check(unit);
                return super.visitPackage(declaration, unit);
            }

            @Override
            public Void visitClass(ClassTree type, CompilationUnitTree unit) {
                check(unit);
                return super.visitClass(type, unit);
            }

            @Override
            public Void visitMethod(MethodTree method, CompilationUnitTree unit) {
                check(unit);
                return super.visitMethod(method, unit);
            }

            @Override
            public Void visitVariable(VariableTree variable, CompilationUnitTree unit) {
                check(unit);
                return super.visitVariable(variable, unit);
            }

            private void check(CompilationUnitTree unit) {
                String opening = badOpening(tree.javadoc(getCurrentPath()));
                if (opening != null) {
                    found(unit, getCurrentPath().getLeaf(), opening, 1);
                }
            }
        }.findings();
    }

    /** The first words of a Javadoc that opens badly; null for any other. */
    static @Nullable String badOpening(@Nullable String javadoc) {
        Matcher opening = OPENING.matcher(javadoc == null ? "" : javadoc);
        return opening.matches() ? '"' + opening.group(1) + '"' : null;
    }

    /** Frameworks of benchmarks and command lines want to see the fields that they set. */
    private static boolean isSetByAFramework(VariableTree field) {
        return field.getModifiers().getAnnotations().stream()
                .anyMatch(
                        annotation -> !annotation.getAnnotationType().toString().equals("Nullable"));
    }

    /** A field of an interface is final, and a private or local class is its own file's business. */
    private static boolean isFieldSeenByOtherFiles(TreePath owner) {
        for (TreePath path = owner; !(path.getLeaf() instanceof CompilationUnitTree); path = path.getParentPath()) {
            if (!(path.getLeaf() instanceof ClassTree type)
                    || type.getKind() == Kind.INTERFACE
                    || type.getModifiers().getFlags().contains(Modifier.PRIVATE)) {
                return false;
            }
        }
        return true;
    }

    private static String nameOf(MethodTree method) {
        return method.getName() + "()";
    }
}
