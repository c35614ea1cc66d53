package net.voltlane.protocol.document;

import java.nio.charset.StandardCharsets;
import net.voltlane.protocol.link3.Ack;
import net.voltlane.protocol.link3.Close;
import net.voltlane.protocol.link3.Data;
import net.voltlane.protocol.link3.GoAway;
import net.voltlane.protocol.link3.LinkFrame;
import net.voltlane.protocol.link3.Open;
import net.voltlane.protocol.link3.Opened;
import net.voltlane.protocol.link3.Parameters;
import net.voltlane.protocol.link3.Ping;
import net.voltlane.protocol.link3.Pong;
import net.voltlane.protocol.link3.Resume;
import net.voltlane.protocol.link3.Resumed;

/** Frames of version 3 in the words of docs/PROTOCOL3.md. */
final class LinkText {

    private LinkText() {}

    static String of(LinkFrame frame) {
        String name = frame.getClass().getSimpleName();
        String fields = fields(frame);
        return fields.isEmpty() ? name : name + "(" + fields + ")";
    }

    private static String fields(LinkFrame frame) {
        if (frame instanceof Data data) {
            return quoted(data.payload());
        }
        if (frame instanceof Ack ack) {
            return Long.toString(ack.count());
        }
        if (frame instanceof Ping ping) {
            return quoted(ping.bytes());
        }
        if (frame instanceof Pong pong) {
            return quoted(pong.bytes());
        }
        if (frame instanceof Close close) {
            return close.code() + ", retry after " + close.retryAfterMillis() + ", \"" + close.text() + '"';
        }
        if (frame instanceof GoAway goAway) {
            return "within " + goAway.withinMillis();
        }
        return handshake(frame);
    }

    private static String handshake(LinkFrame frame) {
        if (frame instanceof Open open) {
            return "heartbeat " + open.heartbeatSecs() + ", credentials " + quoted(open.credentials());
        }
        if (frame instanceof Opened opened) {
            return "id " + Long.toUnsignedString(opened.id()) + ", " + of(opened.parameters());
        }
        if (frame instanceof Resume resume) {
            return "id " + Long.toUnsignedString(resume.id()) + ", received " + resume.received() + ", kept "
                    + resume.kept() + ", heartbeat " + resume.heartbeatSecs();
        }
        if (frame instanceof Resumed resumed) {
            return "accepted " + resumed.accepted() + ", " + of(resumed.parameters());
        }
        return "";
    }

    private static String of(Parameters terms) {
        return "heartbeat " + terms.heartbeatSecs() + ", max payload " + terms.maxPayload() + ", wait "
                + terms.waitSecs();
    }

    static String quoted(byte[] bytes) {
        return '"' + new String(bytes, StandardCharsets.UTF_8) + '"';
    }
}
