package net.voltlane.admin.http;

import java.util.function.LongSupplier;

/** The parts of the HTTP server that its connections share. */
record HttpContext(
        HttpLimits limits,
        Connections connections,
        Router router,
        AccessPolicy policy,
        HttpFigures figures,
        Lingering lingering,
        LongSupplier nanoClock) {}
