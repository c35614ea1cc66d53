package net.voltlane.admin.api;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import net.voltlane.admin.AdminHost;
import net.voltlane.admin.events.RecentEvents;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.config.ConfigChange;
import net.voltlane.server.config.LoadedConfig;
import net.voltlane.server.config.LogLevel;

/** A program around a server, as tests want it. */
public final class TestHost implements AdminHost {
    private final VoltlaneServer server;
    private volatile LoadedConfig configuration;
    private volatile LogLevel level = LogLevel.INFO;
    /** The answer to the next reload. */
    volatile CompletionStage<ConfigChange> reload = CompletableFuture.failedFuture(new AssertionError("not expected"));

    private final RecentEvents events = new RecentEvents();
    final List<String> asked = new ArrayList<>();

    public TestHost(VoltlaneServer server, LoadedConfig configuration) {
        this.server = server;
        this.configuration = configuration;
    }

    @Override
    public String version() {
        return "0.1.0-test";
    }

    @Override
    public VoltlaneServer server() {
        return server;
    }

    @Override
    public LoadedConfig configuration() {
        return configuration;
    }

    @Override
    public RecentEvents events() {
        return events;
    }

    @Override
    public LogLevel logLevel() {
        return level;
    }

    @Override
    public void logLevel(LogLevel next) {
        level = next;
    }

    @Override
    public CompletionStage<ConfigChange> reload() {
        return reload;
    }

    @Override
    public void drain() {
        asked.add("drain");
    }
}
