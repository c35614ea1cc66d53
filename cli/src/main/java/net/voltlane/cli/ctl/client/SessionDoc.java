package net.voltlane.cli.ctl.client;

/**
 * A session as the API shows it, in the form of lists.
 *
 * @param doc the answer
 */
public record SessionDoc(Doc doc) {

    /** The id, or {@code -}. */
    public String id() {
        return doc.text("id");
    }

    /** The state, or for a live session the trouble that it is in. At most seven characters. */
    public String state() {
        String state = doc.text("state");
        if (!state.equals("live")) {
            return state;
        }
        return doc.is("blocking") ? "blocks" : doc.is("slow") ? "slow" : state;
    }

    /** Seconds since it was opened. */
    public double ageSeconds() {
        return doc.numberOrZero("ageSeconds");
    }

    /** Bytes that wait for the client, in its queue or until it is back. */
    public double waiting() {
        return doc.numberOrZero("queue.bytes") + doc.numberOrZero("missed.bytes");
    }

    /** The client's address, with its port while it is connected. */
    public String client() {
        String address = doc.text("address");
        Double port = doc.number("port");
        if (port == null) {
            return address;
        }
        return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port.intValue();
    }
}
