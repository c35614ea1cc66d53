package net.voltlane.systemtest.pages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import net.voltlane.testkit.pages.Block;
import net.voltlane.testkit.pages.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Tests that the names and versions by which the pages add the SDKs to a project are those of the build. */
class DependencyBlocksTest {
    private static final Pattern GRADLE = Pattern.compile("implementation\\(\"([^:]+):([^:]+):([^\"]+)\"\\)");

    /** An artifact as a page or a build file names it. */
    private record Artifact(String group, String name, String version) {}

    static Stream<Block> snippets() {
        return Page.all().stream()
                .flatMap(page -> Stream.concat(page.blocks("xml").stream(), page.blocks("kotlin").stream()));
    }

    @Test
    void eachSdkIsShownForMavenAndForGradle() {
        for (String page : List.of("docs/CLIENT.md", "docs/BACKEND.md")) {
            assertThat(Page.read(page).blocks("xml")).as(page).isNotEmpty();
            assertThat(Page.read(page).blocks("kotlin")).as(page).isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void theArtifactIsOneThatTheBuildMakes(Block block) throws Exception {
        List<Artifact> named = new ArrayList<>();
        if (block.language().equals("xml")) {
            Document snippet = parsed(block.text());
            Element root = snippet.getDocumentElement();
            if (root.getTagName().equals("project")) {
                named.addAll(dependencies(root));
            } else {
                named.add(artifact(root));
            }
        } else {
            Matcher artifact = GRADLE.matcher(block.text());
            while (artifact.find()) {
                named.add(new Artifact(artifact.group(1), artifact.group(2), artifact.group(3)));
            }
        }

        assertThat(named).as(block.toString()).isNotEmpty();
        for (Artifact artifact : named) {
            Element module = pom(artifact.name().replaceFirst("^voltlane-", ""));
            assertThat(artifact)
                    .as(block.toString())
                    .isEqualTo(new Artifact(
                            text((Element) module.getElementsByTagName("parent").item(0), "groupId"),
                            text(module, "artifactId"),
                            text((Element) module.getElementsByTagName("parent").item(0), "version")));
        }
    }

    /** A sentence of the page, `such as this`, names them all. */
    @ParameterizedTest
    @CsvSource({"docs/CLIENT.md, client", "docs/BACKEND.md, backend"})
    void thePageNamesEverythingThatTheSdkBrings(String page, String module) throws Exception {
        String text = Page.read(page).text().replaceAll("\\s+", " ");
        Matcher sentence = Pattern.compile("The SDK brings ([^.]*)\\.").matcher(text);
        assertThat(sentence.find()).as("%s: \"The SDK brings …\"", page).isTrue();
        Set<String> named = new TreeSet<>();
        for (Matcher name = Pattern.compile("`([\\w-]+)`").matcher(sentence.group(1)); name.find(); ) {
            named.add(name.group(1));
        }
        Set<String> brought = new TreeSet<>();
        bring(module, brought);
        assertThat(named).as(page).isEqualTo(brought);
    }

    /** Adds the artifacts that a user of the module gets with it. Those of other projects used here bring none. */
    private static void bring(String module, Set<String> brought) throws Exception {
        List<Element> poms = List.of(pom(module), pom(""));
        for (Element pom : poms) {
            for (Node node = pom.getFirstChild(); node != null; node = node.getNextSibling()) {
                if (node instanceof Element list && list.getTagName().equals("dependencies")) {
                    for (Element dependency : children(list)) {
                        String scope = text(dependency, "scope");
                        String name = text(dependency, "artifactId");
                        if (!scope.equals("test")
                                && text(dependency, "optional").isEmpty()
                                && brought.add(name)
                                && name.startsWith("voltlane-")) {
                            bring(name.substring("voltlane-".length()), brought);
                        }
                    }
                }
            }
        }
    }

    private static List<Artifact> dependencies(Element project) {
        List<Artifact> artifacts = new ArrayList<>();
        var all = project.getElementsByTagName("dependency");
        for (int i = 0; i < all.getLength(); i++) {
            Artifact artifact = artifact((Element) all.item(i));
            if (artifact.group().equals("net.voltlane")) {
                artifacts.add(artifact);
            }
        }
        return artifacts;
    }

    private static Artifact artifact(Element dependency) {
        return new Artifact(text(dependency, "groupId"), text(dependency, "artifactId"), text(dependency, "version"));
    }

    private static Element pom(String module) throws Exception {
        Path file = Page.PROJECT.resolve(module).resolve("pom.xml");
        return parsed(Files.readString(file)).getDocumentElement();
    }

    private static Document parsed(String xml) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(UTF_8)));
    }

    /** The text of a child; empty where there is none. */
    private static String text(Element parent, String child) {
        return children(parent).stream()
                .filter(element -> element.getTagName().equals(child))
                .map(Element::getTextContent)
                .findFirst()
                .orElse("");
    }

    private static List<Element> children(Element parent) {
        List<Element> children = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                children.add(element);
            }
        }
        return children;
    }
}
