package net.voltlane.admin.http;

/** The permission that a request needs. */
public enum Access {
    /** None: pages without figures, and the bare answers of health checks. */
    OPEN,
    /** To read: peers on this machine have it, all others need the token. */
    READ,
    /** To change something: everyone needs the token. */
    CHANGE
}
