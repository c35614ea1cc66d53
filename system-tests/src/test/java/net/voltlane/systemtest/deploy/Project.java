package net.voltlane.systemtest.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.voltlane.server.config.ConfigException;
import net.voltlane.server.config.ConfigLoader;
import net.voltlane.server.config.ConfigRequest;
import net.voltlane.server.config.LoadedConfig;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.testkit.pages.Page;

/** The facts of the project with which files for containers have to agree. */
final class Project {
    static final Path DEPLOY = Page.PROJECT.resolve("deploy");
    private static final Path IMAGE = Page.PROJECT.resolve("distribution/image/src");

    private Project() {}

    static String version() throws IOException {
        return find(Files.readString(Page.PROJECT.resolve("pom.xml")), "<version>([^<]+)</version>");
    }

    /** The number of the user as whom the image runs. */
    static int user() throws IOException {
        return Integer.parseInt(
                find(Files.readString(IMAGE.resolve("main/java/net/voltlane/image/Rights.java")), "SERVER = (\\d+);"));
    }

    /** The configuration of a container of the image with these variables. */
    static ServerConfig inContainer(Map<String, String> variables) throws ConfigException {
        return load(IMAGE.resolve("connserver.toml"), variables);
    }

    static ServerConfig load(Path file, Map<String, String> variables) throws ConfigException {
        LoadedConfig loaded = ConfigLoader.load(
                new ConfigRequest(file.getParent(), file.getFileName(), variables, null, null, false));
        if (!loaded.warnings().isEmpty()) {
            throw new AssertionError(loaded.warnings().toString());
        }
        return loaded.config();
    }

    static String find(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new AssertionError(pattern + " is not in " + text);
        }
        return matcher.group(1);
    }

    /** True if a command is installed here. */
    static boolean has(String command) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }

    /** The output of a command that must end well. Run in the project's folder. */
    static String output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(Page.PROJECT.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError(String.join(" ", command) + " failed: " + output);
        }
        return output;
    }
}
