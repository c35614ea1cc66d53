package net.voltlane.server.session;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * The state of a session that moves to another link.
 *
 * @param id the session's
 * @param frames the packets that the client has not had, as frames of the link's version and in order; the link takes
 *     them over
 * @param accepted data packets of the client that were read on all earlier links
 * @param acknowledged data packets of the client, of those accepted, that need not come again whatever happens
 */
public record Resumption(long id, List<ByteBuf> frames, long accepted, long acknowledged) {}
