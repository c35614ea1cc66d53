package net.voltlane.server.uplink;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.firehose3.Position;
import net.voltlane.protocol.firehose3.Welcome;
import net.voltlane.server.link.FrameCutter;
import net.voltlane.server.link.MemoryAccount;
import net.voltlane.server.link.RateLimitedLog;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.log.LogField;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.MasterPort;
import net.voltlane.server.session.Sessions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Version 3 of the firehose: packets have numbers, both ends acknowledge them, and whatever is not acknowledged is kept
 * and sent again on the next link. {@link SessionNews} writes the events of sessions, {@link BackendPackets} reads what
 * the master sends, {@link KeptLog} keeps, {@link FirehoseOutput} sends. Belongs to the session loop.
 *
 * <pre>
 *   no link ──attach, Hello──► greeting ──Welcome of the same instance───► speaking, what is kept goes again
 *                                       ──Welcome of another instance────► speaking, the present goes first
 *                                       ──no Welcome in time, or no such─► no link, not reached
 *   greeting, speaking ──lost, silent, or counts that do not fit─────────► no link
 * </pre>
 */
final class FirehoseV3 implements Firehose {
    private static final Logger log = LoggerFactory.getLogger(FirehoseV3.class);
    private static final String BOTH_ANEW = "Closing its link; both sides begin anew, and packets may come twice";

    private final Firehose.Uplink uplink;
    private final MasterUplink.Dependencies around;
    private final MemoryAccount account;
    private final Counters counters;
    private final RateLimitedLog faults;

    private final ToldSessions sessions = new ToldSessions();
    private final Receipts receipts = new Receipts();
    private final KeptBounds bounds;
    private final PacketWriter writer;
    private final Greeting greeting;
    private final FirehoseOutput output;
    private final SessionNews news;
    private final Present present;
    private final Liveness liveness;

    /** The link; null while there is none. */
    private @Nullable Channel link;

    private boolean isSpeaking;
    /** The sessions of this server; null before the first link. */
    private @Nullable Sessions server;

    private final KeptLog.Visitor covered = this::covered;

    /**
     * @param account is charged for what is kept for the master
     * @param faults logs the master's packets that can't be read
     */
    FirehoseV3(
            Firehose.Uplink uplink,
            UplinkSettings settings,
            MasterUplink.Dependencies around,
            MemoryAccount account,
            Counters counters,
            RateLimitedLog faults) {
        this.uplink = uplink;
        this.around = around;
        this.account = account;
        this.counters = counters;
        this.faults = faults;
        bounds = new KeptBounds(around.gate(), counters, settings);
        writer = new PacketWriter();
        greeting = new Greeting(around.firehose().instance());
        output = new FirehoseOutput(around, account, bounds, receipts, writer, this::sent);
        news = new SessionNews(
                around.firehose().announcesAtOpen(), sessions, bounds, writer, greeting, counters, output);
        output.notes(news);
        present = new Present(sessions, writer, bounds, counters);
        liveness =
                new Liveness(around.loop(), around.time(), new LinkTimes(() -> link, uplink, output, around, counters));
    }

    // ---- events

    @Override
    public void opened(MasterPort.Subject session) {
        news.opened(session);
    }

    @Override
    public void adopted(MasterPort.Subject session) {
        news.adopted(session);
    }

    @Override
    public boolean letGo(MasterPort.Subject session) {
        return news.letGo(session);
    }

    @Override
    public void abandoned(MasterPort.Subject session, Reason reason) {
        news.abandoned(session, reason);
    }

    @Override
    public MasterPort.Adopts adopts() {
        MasterPort.Adopts told = greeting.adopts() ? MasterPort.Adopts.ANSWERS : MasterPort.Adopts.IS_SILENT;
        return isSpeaking ? told : MasterPort.Adopts.UNKNOWN;
    }

    /** The position in the stream is of no use: what the master knows is kept here. */
    @Override
    public long firstPacket(MasterPort.Subject session) {
        return 0;
    }

    @Override
    public void dataFollows(MasterPort.Subject session) {
        news.dataFollows(session);
    }

    @Override
    public void suspended(MasterPort.Subject session, String cause) {
        news.suspended(session, cause);
    }

    @Override
    public void resumed(MasterPort.Subject session, boolean isTakeover) {
        news.resumed(session);
    }

    @Override
    public void ended(MasterPort.Subject session, Reason reason, byte[] text) {
        news.ended(session, reason, text);
    }

    @Override
    public void delivered(MasterPort.Subject session) {
        news.delivered(session);
    }

    @Override
    public void taken(MasterPort.Subject session, long packets) {
        news.taken(session, packets);
    }

    @Override
    public void slow(MasterPort.Subject session, long keptBytes) {
        news.pace(session, true, keptBytes);
    }

    @Override
    public void ready(MasterPort.Subject session, long keptBytes) {
        news.pace(session, false, keptBytes);
    }

    @Override
    public boolean wantsDelivered() {
        return greeting.wantsDelivered();
    }

    @Override
    public boolean acknowledges() {
        return true;
    }

    /** Data for no session is dropped: the master was told, or is about to be, that the session has ended. */
    @Override
    public boolean notFound(long id) {
        return false;
    }

    // ---- the stream

    @Override
    public void frames(ByteBuf buf, int index, int length) {
        output.data(buf, index, length);
    }

    @Override
    public void flushSoon() {
        output.flushSoon();
    }

    @Override
    public void flush() {
        output.flush();
    }

    @Override
    public boolean isDone() {
        return output.log().isEmpty();
    }

    @Override
    public long waitingPackets() {
        return bounds.dataPackets();
    }

    @Override
    public long waitingBytes() {
        return bounds.dataBytes();
    }

    @Override
    public void settings(UplinkSettings next) {
        bounds.settings(next);
        news.tellOwed();
    }

    // ---- the link

    @Override
    public void start() {
        liveness.start();
    }

    @Override
    public FrameCutter reader(Channel from, Sessions theirs, int maxFrameBytes) {
        return new BackendPackets(this, from, theirs, maxFrameBytes, around.allocator(), account);
    }

    @Override
    public void attach(Channel next, Sessions theirs) {
        link = next;
        server = theirs;
        isSpeaking = false;
        liveness.greets();
        output.attach(next, greeting.hello(receipts.received(), theirs.staleMillisToTell()));
        receipts.tell(); // Hello has told
    }

    @Override
    public void detach() {
        link = null;
        isSpeaking = false;
        liveness.ends();
        output.detach();
    }

    @Override
    public void wasRead() {
        if (isSpeaking) {
            liveness.read();
            output.received();
        }
    }

    @Override
    public void close() {
        liveness.stop();
        output.close();
    }

    // ---- what the master sends, as BackendPackets reads it

    Counters counters() {
        return counters;
    }

    RateLimitedLog faults() {
        return faults;
    }

    /** True while this is the link, and not one before. */
    boolean isOn(Channel from) {
        return from == link;
    }

    /** True once the link's Welcome was accepted. */
    boolean isSpeaking() {
        return isSpeaking;
    }

    /** @param welcome the link's first packet; null if it is something else */
    void first(Channel from, @Nullable Welcome welcome) {
        if (welcome == null) {
            uplink.unanswered(from, "its first packet is no Welcome", false);
            return;
        }
        boolean isSame = greeting.isSame(welcome);
        KeptLog kept = output.log();
        long least = isSame ? kept.leastReceived() : 0;
        long most = isSame ? kept.mostReceived() : 0;
        if (welcome.received() < least || welcome.received() > most) {
            doNotFit(from, "Welcome", welcome.received(), least, most);
            return;
        }
        greeting.accept(welcome);
        isSpeaking = true;
        liveness.speaks();
        uplink.greeted();
        if (isSame) {
            acknowledged(welcome.received());
            counters.add(Metric.MASTER_PACKETS_RESENT, kept.unacknowledged());
            output.begin(kept);
        } else {
            beginAnew();
        }
        Sessions theirs = server;
        if (theirs != null) {
            theirs.masterReached();
        }
        goOn();
    }

    private void beginAnew() {
        receipts.reset();
        KeptLog anew = new KeptLog(around.allocator(), account);
        present.begin(output.log(), anew, greeting.wantsPace(), greeting.wantsDelivered());
        output.begin(anew);
    }

    /** A packet with a number has come. */
    void received(int bytes) {
        receipts.add(bytes);
    }

    /** The master answers an adopted session with its counts. */
    void position(long id, Position position) {
        Told told = sessions.get(id);
        if (told != null) {
            MasterPort.Subject subject = told.subject();
            if (subject.adopting() != null && position.answers(subject.epoch())) {
                told.startsAt(position.taken());
            }
        }
    }

    /** The master has acknowledged its packets up to this one. */
    void ack(Channel from, long number) {
        if (output.log().canHaveReceived(number)) {
            acknowledged(number);
            goOn();
        } else {
            doNotFit(
                    from,
                    "Ack",
                    number,
                    output.log().leastReceived(),
                    output.log().mostReceived());
        }
    }

    /** Drops what the master has, and tells the sessions of it. A master that takes packets works, however short its links. */
    private void acknowledged(long number) {
        long before = output.log().unacknowledged();
        output.log().acknowledged(number, covered);
        if (output.log().unacknowledged() < before) {
            uplink.proven();
        }
        sessions.tellTouched();
        bounds.check();
    }

    /** There may be room for what waits, or nothing may be left. */
    private void goOn() {
        news.tellOwed();
        if (sessions.hasNoted()) {
            output.flushSoon();
        }
        uplink.sent();
    }

    private void sent() {
        liveness.sent();
        uplink.sent();
    }

    private void covered(ByteBuf buf, int index, int length, long number) {
        int flag = KeptLog.flag(buf, index);
        bounds.remove(flag, length, number);
        news.acknowledged(flag, KeptLog.id(buf, index), number);
    }

    void ping(byte[] data) {
        output.pong(data);
    }

    // ---- what ends a link

    private void doNotFit(Channel from, String packet, long number, long least, long most) {
        counters.count(Metric.MASTER_COUNTS_WRONG);
        String says = packet + " says that it has " + Long.toUnsignedString(number) + " packets";
        LogEvent.MASTER_COUNTS_WRONG
                .on(log)
                .addKeyValue(LogField.COUNT.key(), number)
                .log("The backend's counts do not fit: its {}, which can be {} to {}. " + BOTH_ANEW, says, least, most);
        greeting.forget();
        uplink.refuse(from, "its counts do not fit");
    }
}
