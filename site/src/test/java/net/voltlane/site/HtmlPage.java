package net.voltlane.site;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * A page of the site, parsed as XML, which is stricter than HTML: every element has to be closed.
 *
 * @param file its path in the site
 * @param elements its elements
 */
record HtmlPage(String file, List<Element> elements) {

    static HtmlPage parse(String file, String html) throws IOException {
        try {
            Document document = DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(html)));
            NodeList nodes = document.getElementsByTagName("*");
            List<Element> elements = new ArrayList<>();
            for (int i = 0; i < nodes.getLength(); i++) {
                elements.add((Element) nodes.item(i));
            }
            return new HtmlPage(file, elements);
        } catch (SAXException | ParserConfigurationException e) {
            throw new AssertionError(file + ": " + e.getMessage(), e);
        }
    }

    /** Addresses that the browser loads by itself. */
    List<String> loaded() {
        List<String> loaded = new ArrayList<>();
        for (Element element : elements) {
            for (String attribute : List.of("src", "srcset", "poster", "data", "style", "action", "ping")) {
                if (element.hasAttribute(attribute)) {
                    loaded.add(element.getAttribute(attribute));
                }
            }
            if (!element.getTagName().equals("a") && element.hasAttribute("href")) {
                loaded.add(element.getAttribute("href"));
            }
        }
        return loaded;
    }

    /** Addresses that the reader may go to. */
    List<String> links() {
        return named("a").stream().map(link -> link.getAttribute("href")).toList();
    }

    List<String> ids() {
        return elements.stream()
                .filter(element -> element.hasAttribute("id"))
                .map(element -> element.getAttribute("id"))
                .toList();
    }

    String title() {
        return named("title").get(0).getTextContent();
    }

    /** The content security policy. */
    String policy() {
        return named("meta").stream()
                .filter(meta -> meta.getAttribute("http-equiv").equals("Content-Security-Policy"))
                .map(meta -> meta.getAttribute("content"))
                .findFirst()
                .orElse("");
    }

    int count(String tag) {
        return named(tag).size();
    }

    private List<Element> named(String tag) {
        return elements.stream()
                .filter(element -> element.getTagName().equals(tag))
                .toList();
    }
}
