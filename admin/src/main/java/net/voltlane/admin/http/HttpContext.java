package net.voltlane.admin.http;

import java.util.function.LongSupplier;

/** The parts of the HTTP server that its connections share. */
record HttpContext(
        HttpLimits limits,
        Connections connections,
        Dispatcher dispatcher,
        HttpFigures figures,
        LongSupplier nanoClock) {}
