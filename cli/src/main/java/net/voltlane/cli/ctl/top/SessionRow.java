package net.voltlane.cli.ctl.top;

/**
 * A session in a list.
 *
 * @param id as the API writes it
 * @param state the state, or the trouble that a live session is in
 * @param ageSeconds since it was opened
 * @param waiting bytes that wait for the client
 * @param upPerSecond bytes of payload from the client, per second
 * @param downPerSecond bytes of payload to the client, per second
 * @param client its address
 */
record SessionRow(
        String id,
        String state,
        double ageSeconds,
        double waiting,
        double upPerSecond,
        double downPerSecond,
        String client) {

    double bothPerSecond() {
        return upPerSecond + downPerSecond;
    }
}
