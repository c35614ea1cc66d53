package net.voltlane.cli.relay;

import java.nio.ByteBuffer;
import net.voltlane.protocol.Tag;
import net.voltlane.protocol.firehose3.FirehoseMessage;
import net.voltlane.protocol.firehose3.MessageFlag;

/**
 * Counts the numbered packets of a firehose. Hello and Welcome on a later link tell how many of them had come out. A
 * firehose of version 2 tells nothing, and is only cut.
 */
final class FirehoseTap implements Tap {

    /** The two directions of a firehose, over all of its links. */
    static final class Directions {
        final Row toBackend = new Row();
        final Row toServer = new Row();
        boolean isFirst = true;
        long lay;
    }

    private static final int DATA_OFFSET = 9;
    private static final int HELLO_RECEIVED_OFFSET = DATA_OFFSET + 34;
    private static final int WELCOME_RECEIVED_OFFSET = DATA_OFFSET + 18;

    private final Directions directions;
    private final Losses losses;
    private final FrameHeads fromServer = new FrameHeads(this::fromServer);
    private final FrameHeads fromBackend = new FrameHeads(this::fromBackend);
    private boolean isVersion2 = true;
    private boolean isWelcome;
    private boolean live;

    FirehoseTap(Directions directions, Losses losses) {
        this.directions = directions;
        this.losses = losses;
    }

    @Override
    public void fromDialler(ByteBuffer bytes) {
        fromServer.take(bytes);
    }

    @Override
    public void fromDialled(ByteBuffer bytes) {
        fromBackend.take(bytes);
    }

    @Override
    public boolean isLive() {
        return live;
    }

    private void fromServer(ByteBuffer head, int length) {
        int flag = flag(head);
        if (isOfLink(head) && flag == MessageFlag.HELLO) {
            isVersion2 = false;
            directions.lay += directions.toServer.lay(head.getLong(HELLO_RECEIVED_OFFSET));
        } else {
            live = isVersion2 || isWelcome;
            count(head, flag, directions.toBackend, directions.toServer);
        }
    }

    private void fromBackend(ByteBuffer head, int length) {
        int flag = flag(head);
        if (isOfLink(head) && flag == MessageFlag.WELCOME) {
            isWelcome = true;
            losses.lay(directions.toBackend.lay(head.getLong(WELCOME_RECEIVED_OFFSET)), directions.lay);
            if (!directions.isFirst) {
                losses.resumed();
            }
            directions.isFirst = false;
            directions.lay = 0;
        } else {
            count(head, flag, directions.toServer, directions.toBackend);
        }
    }

    private void count(ByteBuffer head, int flag, Row sent, Row received) {
        if (isVersion2) {
            return;
        }
        if (!isOfLink(head)) {
            sent.add(flag == MessageFlag.DATA);
        } else if (flag == MessageFlag.ACK) {
            received.acknowledge(head.getLong(DATA_OFFSET));
        }
    }

    private static boolean isOfLink(ByteBuffer head) {
        return head.remaining() >= Tag.BYTES && head.getLong(0) == FirehoseMessage.LINK_ID;
    }

    private static int flag(ByteBuffer head) {
        return head.remaining() < Tag.BYTES ? -1 : head.get(Long.BYTES) & 0xFF;
    }
}
