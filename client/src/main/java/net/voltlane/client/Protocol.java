package net.voltlane.client;

/** The version of the client protocol; see {@link ClientBuilder#protocol}. */
public enum Protocol {
    /** Version 3, and version 2 with a server that does not speak version 3. */
    AUTO,
    /** Version 3: acknowledgements, so that nothing is lost and nothing arrives twice. */
    V3,
    /** Version 2, without acknowledgements. */
    V2
}
