package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import net.voltlane.protocol.Reason;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.guard.Decision;
import net.voltlane.server.link.LoopQueue;
import net.voltlane.server.link.PeerSilence;
import net.voltlane.server.session.ClientPort;
import net.voltlane.server.session.ClientProtocol;
import net.voltlane.server.session.LinkFacts;
import net.voltlane.server.session.LinkOrigin;
import net.voltlane.server.session.LinkView;
import net.voltlane.server.session.Refusal;
import net.voltlane.server.session.Resumption;
import org.jspecify.annotations.Nullable;

/**
 * The session loop's end of a client link: turns calls into frames and events on the loop queue to the link's own loop.
 * Belongs to the session loop.
 */
final class LinkPort extends ClientPort implements LoopQueue.Signal {
    private final ClientLink link;
    private final ClientProtocol protocol;
    /** The queue to the link's loop. Held here, because each packet needs it. */
    private final LoopQueue down;

    LinkPort(ClientLink link) {
        this.link = link;
        down = link.context.queues().down;
        protocol = link.protocol.version();
    }

    /** The client has acknowledged this many packets: a signal of its loop. */
    @Override
    public void signal(long packets) {
        link.context.sessions().wasAcknowledged(this, packets);
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
        int prefixBytes = protocol.prefixBytes();
        if (length < LoopQueue.SLICE_BYTES) {
            protocol.write(down.room(link.output, prefixBytes + length), buf, index, length);
        } else {
            // The prefix replaces the end of the master's header, so that the packet goes out where it came in.
            int start = index - prefixBytes;
            protocol.setPrefix(buf, start, length);
            down.pass(link.output, buf.retainedSlice(start, prefixBytes + length));
        }
    }

    @Override
    protected void opened(long id) {
        event(() -> link.opened(id));
    }

    @Override
    protected void resumed(Resumption point) {
        event(() -> link.resumed(point));
    }

    @Override
    protected void refused(Refusal why) {
        event(() -> link.refused(why));
    }

    @Override
    protected void acknowledged(long packets) {
        link.protocol.acknowledged(down, packets);
    }

    @Override
    protected long received() {
        return link.protocol.received();
    }

    @Override
    protected long kept() {
        return link.protocol.kept();
    }

    @Override
    protected void detach(Detach how, @Nullable Reason reason, byte[] text) {
        event(() -> link.detach(how, reason, text));
    }

    @Override
    protected void detachForNow(Detach how) {
        event(() -> link.detachForNow(how));
    }

    @Override
    protected LinkFacts facts() {
        return link.facts();
    }

    @Override
    protected ClientProtocol protocol() {
        return protocol;
    }

    @Override
    protected Cidr from() {
        return link.admission.from();
    }

    @Override
    protected LinkOrigin origin() {
        SocketAddress remote = link.channel().remoteAddress();
        Cidr from = link.admission.from();
        return new LinkOrigin(
                from.withPort(from.portOf(remote)),
                Cidr.addressAndPort(link.channel().localAddress()),
                transport(),
                link.context.transport().attributes(link.channel()));
    }

    private String transport() {
        return link.context.transport().name();
    }

    @Override
    protected long waitingBytes() {
        return link.output.heldBytes();
    }

    @Override
    protected long bytesUp() {
        return link.input.bytes();
    }

    @Override
    protected void look(Consumer<LinkView> then) {
        event(() -> {
            LinkView view = view();
            link.context.queues().up.event(() -> then.accept(view));
        });
    }

    /** The link as it is now, for operators. On the link's loop. */
    private LinkView view() {
        return new LinkView(
                transport(),
                link.admission.from().portOf(link.channel().remoteAddress()),
                PeerSilence.of(link.channel()),
                link.input.packets(),
                link.input.bytes(),
                link.output.waiting());
    }

    @Override
    protected long heldBytes() {
        return link.heldBytes();
    }

    private void event(Runnable event) {
        down.event(event);
    }
}
