/**
 * Fuzz tests of everything that a peer can send. Jazzer makes up inputs, watches which code each one reaches, and goes
 * on from those that reached something new.
 *
 * <p>Each class {@code …FuzzTest} is one target, and lies in the package of what it tries. It says what must be true
 * for every input; where that can be said exactly, an oracle written apart from the code says it. Start reading at
 * {@code net.voltlane.server.edge.ClientConnectionFuzzTest}.
 *
 * <p>Inputs that are worth keeping (seeds, named by what they are, and findings, named {@code crash-…} by Jazzer until
 * somebody finds a better name) are files under {@code src/test/resources}, in the folder {@code …FuzzTestInputs}
 * beside their target's package. {@code mvn verify} replays them all. CONTRIBUTING.md has the command that looks for
 * more; what it learns on the way stays in {@code .cifuzz-corpus}, which is not kept in the repository.
 */
@NullMarked
package net.voltlane.fuzz;

import org.jspecify.annotations.NullMarked;
