package net.voltlane.backend;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The expected calls of a backend's handler for the bytes behind an honest Hello, packet by packet, by PROTOCOL3.md. It
 * decodes on its own and shares no code with the backend SDK.
 */
final class Firehose3Oracle {
    private static final int TAG_BYTES = 9;
    private static final long COUNT_LIMIT = 1L << 53;

    private final Set<Long> sessions = new HashSet<>();
    private final Map<Long, Long> delivered = new HashMap<>();
    private final List<String> calls = new ArrayList<>();
    private boolean cut;
    private long numbered;
    private long malformed;

    Firehose3Oracle(byte[] bytes, int maxFrameBytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (!cut && in.remaining() >= 4) {
            long length = Integer.toUnsignedLong(in.getInt());
            if (length > maxFrameBytes) {
                malformed++;
                cut = true;
            } else if (in.remaining() < length) {
                return;
            } else if (length < TAG_BYTES) {
                malformed++;
                in.position(in.position() + (int) length);
            } else {
                ByteBuffer packet = in.slice(in.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
                in.position(in.position() + (int) length);
                packet(packet.getLong(), packet.get() & 0xFF, packet.slice().order(ByteOrder.LITTLE_ENDIAN));
            }
        }
    }

    private void packet(long id, int flag, ByteBuffer data) {
        try {
            if (id == 0) {
                ofLink(flag, new Fields(data));
            } else {
                numbered++;
                ofSession(id, flag, new Fields(data));
            }
        } catch (TooShort e) {
            malformed++;
        } catch (Untrue e) {
            malformed++;
            cut = true;
        }
    }

    private void ofLink(int flag, Fields in) throws TooShort, Untrue {
        boolean fine = switch (flag) {
            case 0x10 -> {
                in.skip(2 + 16 + 16);
                in.count();
                in.map();
                yield false; // it is not the first packet
            }
            case 0x12 -> {
                if (in.count() > 0) { // this backend sends nothing
                    throw new Untrue();
                }
                yield true;
            }
            case 0x13, 0x14 -> in.left() <= 16;
            default -> false;
        };
        malformed += fine ? 0 : 1;
    }

    private void ofSession(long id, int flag, Fields in) throws TooShort, Untrue {
        String what = switch (flag) {
            case 0x00 -> "data " + in.rest();
            case 0x01 -> "ended " + in.u16() + " " + in.count() + " " + in.count() + " " + in.text();
            case 0x03 -> "resumed " + (in.u8() != 0) + " " + in.text();
            case 0x04 -> opened(in);
            case 0x05 -> "suspended " + in.text();
            case 0x06 -> "delivered " + in.count();
            case 0x08 -> "slow " + in.count();
            case 0x09 -> "ready " + in.count();
            default -> "";
        };
        if (what.isEmpty() || sessions.contains(id) == (flag == 0x04)) {
            malformed++;
            return;
        }
        if (flag == 0x06 && !isMore(id, what)) {
            return;
        }
        if (flag == 0x04) {
            sessions.add(id);
            delivered.remove(id);
        } else if (flag == 0x01) {
            sessions.remove(id);
        }
        calls.add(Long.toUnsignedString(id) + " " + what);
    }

    /** Tells whether a client has acknowledged more than it had before: nothing else is told. */
    private boolean isMore(long id, String what) {
        long count = Long.parseLong(what.substring("delivered ".length()));
        boolean isMore = count > delivered.getOrDefault(id, 0L);
        delivered.merge(id, count, Math::max);
        return isMore;
    }

    private static String opened(Fields in) throws TooShort, Untrue {
        int flags = in.u8();
        in.count();
        in.count();
        in.map();
        return "opened " + ((flags & 1) != 0) + " " + ((flags & 2) != 0);
    }

    /** Returns the calls about sessions, in order. */
    List<String> calls() {
        return calls;
    }

    /** Returns true if the backend closes the link for a value that can't be true. */
    boolean isCut() {
        return cut;
    }

    /** Returns the number of packets that are acknowledged in the end. */
    long numbered() {
        return numbered;
    }

    /** Returns the number of packets that are skipped or cost the link. */
    long malformed() {
        return malformed;
    }

    Set<Long> sessions() {
        return sessions;
    }

    private static final class TooShort extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private static final class Untrue extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** The fields of a packet. */
    private record Fields(ByteBuffer in) {
        int left() {
            return in.remaining();
        }

        ByteBuffer skip(int bytes) throws TooShort {
            if (in.remaining() < bytes) {
                throw new TooShort();
            }
            ByteBuffer skipped = in.slice(in.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
            in.position(in.position() + bytes);
            return skipped;
        }

        int u8() throws TooShort {
            return skip(1).get() & 0xFF;
        }

        int u16() throws TooShort {
            return skip(2).getShort() & 0xFFFF;
        }

        long count() throws TooShort, Untrue {
            long count = skip(8).getLong();
            if (count < 0 || count >= COUNT_LIMIT) {
                throw new Untrue();
            }
            return count;
        }

        String text() throws TooShort {
            return StandardCharsets.UTF_8.decode(skip(u16())).toString();
        }

        void map() throws TooShort {
            for (int left = u16(); left > 0; left--) {
                skip(u16());
                skip(u16());
            }
        }

        String rest() {
            byte[] rest = new byte[in.remaining()];
            in.get(rest);
            return HexFormat.of().formatHex(rest);
        }
    }
}
