package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.BooleanSupplier;
import net.voltlane.protocol.Frame;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.guard.Decision;
import net.voltlane.server.link.LoopQueue;
import net.voltlane.server.session.ClientPort;
import net.voltlane.server.session.ClientProtocol;
import net.voltlane.server.session.LinkFacts;
import net.voltlane.server.session.Version2;

/** The session loop's end of a client link: turns calls into frames and events on the loop queue to the link's own loop. */
final class LinkPort extends ClientPort {
    private final ClientLink link;

    LinkPort(ClientLink link) {
        this.link = link;
    }

    @Override
    protected boolean takeSession() {
        boolean isGranted = link.context.guard().takeSession(link.admission) == Decision.GRANTED;
        if (!isGranted) {
            event(link::overLimit);
        }
        return isGranted;
    }

    @Override
    protected boolean yieldSession(BooleanSupplier takeover) {
        return link.context.guard().yieldSession(link.admission, takeover);
    }

    @Override
    protected void deliver(ByteBuf buf, int index, int length) {
        LoopQueue down = down();
        if (length < LoopQueue.SLICE_BYTES) {
            down.room(link.output, Frame.PREFIX_BYTES + length)
                    .writeIntLE(length)
                    .writeBytes(buf, index, length);
        } else {
            // The spent end of the header becomes the client's prefix: what goes out is what came in.
            int start = index - Frame.PREFIX_BYTES;
            buf.setIntLE(start, length);
            down.pass(link.output, buf.retainedSlice(start, Frame.PREFIX_BYTES + length));
        }
    }

    @Override
    protected void opened(long id) {
        event(() -> link.opened(id));
    }

    @Override
    protected void resumed(long id, List<ByteBuf> missed) {
        event(() -> link.resumed(id, missed));
    }

    @Override
    protected void refused() {
        event(link::refused);
    }

    @Override
    protected void detach(Detach how) {
        event(() -> link.detach(how));
    }

    @Override
    protected LinkFacts facts() {
        return link.facts();
    }

    @Override
    protected ClientProtocol protocol() {
        return Version2.PROTOCOL;
    }

    @Override
    protected Cidr from() {
        return link.admission.from();
    }

    @Override
    protected long heldBytes() {
        return link.heldBytes();
    }

    private LoopQueue down() {
        return link.context.queues().down;
    }

    private void event(Runnable event) {
        down().event(event);
    }
}
