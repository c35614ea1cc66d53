package net.voltlane.protocol.document;

import java.util.HexFormat;
import net.voltlane.protocol.firehose3.Ack;
import net.voltlane.protocol.firehose3.Attributes;
import net.voltlane.protocol.firehose3.Data;
import net.voltlane.protocol.firehose3.Delivered;
import net.voltlane.protocol.firehose3.Elsewhere;
import net.voltlane.protocol.firehose3.Ended;
import net.voltlane.protocol.firehose3.FirehoseMessage;
import net.voltlane.protocol.firehose3.Gap;
import net.voltlane.protocol.firehose3.Hello;
import net.voltlane.protocol.firehose3.Kick;
import net.voltlane.protocol.firehose3.Opened;
import net.voltlane.protocol.firehose3.Ping;
import net.voltlane.protocol.firehose3.Pong;
import net.voltlane.protocol.firehose3.Position;
import net.voltlane.protocol.firehose3.Ready;
import net.voltlane.protocol.firehose3.Resumed;
import net.voltlane.protocol.firehose3.Slow;
import net.voltlane.protocol.firehose3.Suspended;
import net.voltlane.protocol.firehose3.Welcome;

/** Packets of firehose 3 in the words of docs/PROTOCOL3.md. */
final class FirehoseText {

    private FirehoseText() {}

    static String of(long id, FirehoseMessage message) {
        String name = message.getClass().getSimpleName();
        if (message instanceof Gap) {
            return name + "(" + id + ")";
        }
        return name + "(" + (id == 0 ? ofLink(message) : id + ", " + ofSession(message)) + ")";
    }

    private static String ofLink(FirehoseMessage message) {
        if (message instanceof Hello hello) {
            return "version " + hello.version() + ", server " + hex(hello.server()) + ", backend "
                    + hex(hello.backend()) + ", received " + hello.received() + map(hello.attributes());
        }
        if (message instanceof Welcome welcome) {
            return "version " + welcome.version() + ", backend " + hex(welcome.backend()) + ", received "
                    + welcome.received() + ", wishes " + welcome.wishes() + map(welcome.attributes());
        }
        if (message instanceof Ack ack) {
            return Long.toString(ack.count());
        }
        if (message instanceof Ping ping) {
            return LinkText.quoted(ping.bytes());
        }
        return LinkText.quoted(((Pong) message).bytes());
    }

    private static String ofSession(FirehoseMessage message) {
        if (message instanceof Data data) {
            return LinkText.quoted(data.payload());
        }
        if (message instanceof Opened opened) {
            int flags = (opened.existing() ? 1 : 0) + (opened.suspended() ? 2 : 0) + (opened.adopted() ? 4 : 0);
            return "flags " + flags + ", next from client " + opened.nextFromClient() + ", next to client "
                    + opened.nextToClient() + map(opened.attributes());
        }
        if (message instanceof Ended ended) {
            return "code " + ended.code() + ", taken " + ended.taken() + ", delivered " + ended.delivered() + ", \""
                    + ended.reason() + '"';
        }
        if (message instanceof Resumed resumed) {
            return "takeover " + resumed.takeover() + ", remote \"" + resumed.remote() + '"';
        }
        if (message instanceof Kick kick) {
            return '"' + kick.text() + '"';
        }
        if (message instanceof Suspended suspended) {
            return '"' + suspended.cause() + '"';
        }
        if (message instanceof Position position) {
            return "taken " + position.taken() + ", next to client " + position.nextToClient() + ", epoch "
                    + position.epoch();
        }
        if (message instanceof Elsewhere elsewhere) {
            return "epoch " + elsewhere.epoch();
        }
        return Long.toString(count(message));
    }

    private static long count(FirehoseMessage message) {
        if (message instanceof Delivered delivered) {
            return delivered.count();
        }
        return message instanceof Slow slow ? slow.bytes() : ((Ready) message).bytes();
    }

    private static String map(Attributes attributes) {
        StringBuilder text = new StringBuilder();
        attributes
                .names()
                .forEach(name -> text.append(", ")
                        .append(name)
                        .append(" \"")
                        .append(attributes.text(name))
                        .append('"'));
        return text.toString();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
