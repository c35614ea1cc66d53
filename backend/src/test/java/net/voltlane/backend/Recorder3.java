package net.voltlane.backend;

/** A {@link Recorder} that records the calls of firehose 3 too. */
class Recorder3 extends Recorder {

    @Override
    public void opened(Session session, ClientInfo client) {
        add(session.id() + " opened" + (client.existing() ? " existing" : "")
                + (client.suspended() ? " suspended" : ""));
    }

    @Override
    public void suspended(Session session, String cause) {
        add(session.id() + " suspended: " + cause);
    }

    @Override
    public void resumed(Session session, String remote, boolean takeover) {
        add(session.id() + " resumed from " + remote + (takeover ? ", taken over" : ""));
    }

    @Override
    public void slow(Session session, long bytes) {
        add(session.id() + " slow with " + bytes);
    }

    @Override
    public void ready(Session session, long bytes) {
        add(session.id() + " ready with " + bytes);
    }

    @Override
    public void delivered(Session session, long count) {
        add(session.id() + " delivered " + count);
    }
}
