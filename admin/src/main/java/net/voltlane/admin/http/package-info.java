/**
 * HTTP for operators: connections with bounds and deadlines, access, and routes to endpoints. Everything here runs on one
 * thread of its own. Start at {@link net.voltlane.admin.http.HttpServer}.
 */
@NullMarked
package net.voltlane.admin.http;

import org.jspecify.annotations.NullMarked;
