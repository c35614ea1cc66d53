package net.voltlane.server.session;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * The state of a session that moves to another link.
 *
 * @param id the session's
 * @param frames the packets that the client has not had, as frames of the link's version and in order; the link takes
 *     them over
 * @param received data packets for the client, before these frames, that it has had; in version 2 all that there were for
 *     it, those in the frames too
 * @param excused packets, from the first of these frames on, that count against no bound; 0 in version 2
 * @param isMuch true if the master was told that much is kept for the client, and not yet that it is less
 * @param accepted data packets of the client that were read on all earlier links
 * @param acknowledged data packets of the client, of those accepted, that need not come again whatever happens
 */
public record Resumption(
        long id, List<ByteBuf> frames, long received, long excused, boolean isMuch, long accepted, long acknowledged) {}
