/**
 * The API under {@code /api/v1}: the state of the server, its sessions, bans, limits and settings, and the changes that
 * operators make. Start at {@link net.voltlane.admin.api.ApiRoutes}. {@code openapi.json} beside it describes each
 * answer, and a test holds it to them.
 */
@NullMarked
package net.voltlane.admin.api;

import org.jspecify.annotations.NullMarked;
