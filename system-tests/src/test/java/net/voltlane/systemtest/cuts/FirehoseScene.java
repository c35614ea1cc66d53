package net.voltlane.systemtest.cuts;

import net.voltlane.protocol.firehose3.MessageFlag;
import net.voltlane.testkit.Direction;

/** A cause for a packet on a firehose 3. The server dials, so its packets go {@link Direction#OUT}. */
enum FirehoseScene {
    HELLO(Direction.OUT, MessageFlag.HELLO),
    WELCOME(Direction.BACK, MessageFlag.WELCOME),
    OPENED(Direction.OUT, MessageFlag.OPENED),
    DATA_UP(Direction.OUT, MessageFlag.DATA),
    DATA_DOWN(Direction.BACK, MessageFlag.DATA),
    ACK_UP(Direction.OUT, MessageFlag.ACK),
    ACK_DOWN(Direction.BACK, MessageFlag.ACK),
    DELIVERED(Direction.OUT, MessageFlag.DELIVERED),
    SUSPENDED(Direction.OUT, MessageFlag.SUSPENDED),
    RESUMED(Direction.OUT, MessageFlag.RESUMED),
    SLOW(Direction.OUT, MessageFlag.SLOW),
    READY(Direction.OUT, MessageFlag.READY),
    KICK(Direction.BACK, MessageFlag.KICK),
    ENDED(Direction.OUT, MessageFlag.ENDED),
    PING(Direction.BACK, MessageFlag.PING),
    PONG(Direction.OUT, MessageFlag.PONG);

    /** The bound of what the server keeps for a client, in packets: it is slow at half of it. */
    static final int CAPACITY = 16;

    private static final int PACKET_BYTES = 20;

    final Direction direction;
    final int flag;

    FirehoseScene(Direction direction, int flag) {
        this.direction = direction;
        this.flag = flag;
    }

    /** True if the packet is a link's first one in its direction. */
    boolean isOfNewLink() {
        return this == HELLO || this == WELCOME;
    }

    /** True if the backend SDK sends such a packet only after seconds. */
    boolean isSeldom() {
        return this == PING || this == PONG;
    }

    /** Brings about the state in which the packet can come. */
    void prepare(CutStage stage, CutPlayer guest) {
        if (this == KICK) {
            stage.run("the backend knows the guest", () -> stage.backend().knows(guest));
        }
        if (this == OPENED) {
            guest.leaves();
            stage.settle("the guest has left");
        }
    }

    /** Makes the packet come. */
    void play(CutStage stage, CutPlayer player, CutPlayer guest) {
        switch (this) {
            case HELLO, WELCOME -> stage.firehose().reset();
            case OPENED -> guest.begins();
            case SUSPENDED, RESUMED -> player.cut();
            case SLOW, READY -> {
                player.holdsBack(true);
                for (int i = 0; i < CAPACITY * 5 / 8; i++) {
                    player.send(PACKET_BYTES);
                }
                stage.run("the player has got all", player::hasAll);
                player.holdsBack(false);
            }
            case KICK -> {
                guest.expectsEnd();
                stage.backend().kick(guest, "enough");
            }
            case ENDED -> guest.leaves();
            case PING, PONG -> stage.backend().ping();
            default -> {
                // data, and what it brings with it, comes anyway
            }
        }
        player.send(PACKET_BYTES);
        stage.settle("both ends have got all");
    }

    /** Brings the guest back, if it is gone. */
    void tidy(CutStage stage, CutPlayer guest) {
        if (this == KICK || this == ENDED) {
            guest.begins();
            stage.settle("the guest is back");
        }
    }
}
