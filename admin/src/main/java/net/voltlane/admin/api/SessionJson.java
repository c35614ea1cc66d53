package net.voltlane.admin.api;

import java.util.Locale;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.server.session.LinkView;
import net.voltlane.server.session.QueueView;
import net.voltlane.server.session.SessionView;
import org.jspecify.annotations.Nullable;

/** A session as the API shows it. The names are those of the JSON object. */
record SessionJson(
        String id,
        String state,
        String address,
        @Nullable Integer port,
        @Nullable String transport,
        int protocol,
        double ageSeconds,
        @Nullable Double lostForSeconds,
        boolean slow,
        boolean blocking,
        int resumes,
        @Nullable Queue queue,
        Queue missed,
        @Nullable Double silentForSeconds,
        long packetsUp,
        long bytesUp,
        long packetsDown,
        long bytesDown) {
    /** Packets that wait, beside their bounds; a bound is null where there is none. */
    record Queue(
            long packets,
            long bytes,
            @Nullable Long maxPackets,
            @Nullable Long maxBytes) {
        static Queue of(QueueView view) {
            QueueBounds bounds = view.bounds();
            return new Queue(
                    view.packets(), view.bytes(), Numbers.bound(bounds.packets()), Numbers.bound(bounds.bytes()));
        }
    }

    static SessionJson of(SessionView view) {
        LinkView link = view.link();
        return new SessionJson(
                id(view.id()),
                view.state().name().toLowerCase(Locale.ROOT),
                view.address(),
                link == null || link.port() == 0 ? null : link.port(),
                link == null ? null : link.transport(),
                view.protocolVersion(),
                Numbers.seconds(view.age()),
                Numbers.secondsOrNull(view.lostFor()),
                view.isSlow(),
                view.isBlocking(),
                view.resumes(),
                link == null ? null : Queue.of(link.waiting()),
                Queue.of(view.missed()),
                link == null ? null : Numbers.secondsOrNull(link.silentFor()),
                view.counts().packetsUp(),
                view.counts().bytesUp(),
                view.counts().packetsDown(),
                view.counts().bytesDown());
    }

    /** An id as text: not every language has whole numbers of 64 bits. */
    static String id(long id) {
        return Long.toUnsignedString(id);
    }
}
