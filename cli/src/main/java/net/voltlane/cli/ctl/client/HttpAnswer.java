package net.voltlane.cli.ctl.client;

/**
 * An answer over HTTP.
 *
 * @param status such as 200
 * @param contentType the media type without parameters, in small letters; empty if there is none
 * @param body the content as text
 */
record HttpAnswer(int status, String contentType, String body) {}
