package net.voltlane.cli.echo;

import net.voltlane.backend.BackendOptions;
import net.voltlane.backend.Handler;
import net.voltlane.backend.Session;
import net.voltlane.protocol.Limits;

/** Sends every client's data back to it. */
public class Echo implements Handler {

    /** Takes what a server with the largest {@code listener.max_frame_size}, 1 GiB, can send. */
    public static final BackendOptions OPTIONS =
            BackendOptions.DEFAULT.withMaxFrameBytes(Limits.masterFrameLimitBytes(1 << 30));

    @Override
    public void data(Session session, byte[] data) {
        session.send(data);
    }
}
