package net.voltlane.server.config;

/** The time at which a changed setting takes effect in a running server that is given the new value. */
public enum Reload {
    /** For everything that the server does from then on, connected clients included. */
    AT_ONCE("at once"),
    /** For links that begin from then on. A link that is there already may keep the value that it began with. */
    NEW_LINKS("for new links"),
    /** At the next start of the server. Until then, it goes on with the old value. */
    AT_RESTART("at restart");

    private final String text;

    Reload(String text) {
        this.text = text;
    }

    /** The answer for people: {@code at once}, {@code for new links} or {@code at restart}. */
    public String text() {
        return text;
    }
}
