package net.voltlane.admin.http;

import io.netty.buffer.ByteBuf;

/**
 * Looks for the end of a request's head: an empty line. Lines end with CR LF. Every other control character, but for a
 * tab, and each of the two alone, are refused: programs on the way could see the end of a line where others do not.
 * Belongs to the HTTP server's thread.
 */
final class HeadScanner {
    private static final int MAX_LINE_BYTES = 8_192;

    private final int maxHeadBytes;

    private int scanned;
    private int lineBytes;
    private int lines;
    private boolean afterCarriageReturn;

    HeadScanner(int maxHeadBytes) {
        this.maxHeadBytes = maxHeadBytes;
    }

    /**
     * Goes on where the last call has ended.
     *
     * @param in begins with the head; nothing has been taken from it since the last call
     * @return the length of the head, with the empty line; 0 if it is not complete
     * @throws ProblemException for a head that is too long, or has characters that it must not have
     */
    int scan(ByteBuf in) {
        int begin = in.readerIndex();
        while (begin + scanned < in.writerIndex()) {
            byte next = in.getByte(begin + scanned);
            scanned++;
            if (next == '\n' && afterCarriageReturn) {
                afterCarriageReturn = false;
                if (lineBytes == 0) {
                    return end();
                }
                lineBytes = 0;
                lines++;
            } else if (afterCarriageReturn || next >= 0 && next < ' ' && next != '\r' && next != '\t' || next == 0x7F) {
                throw new ProblemException(
                        Problem.of(400, "the head has a control character, or a line that does not end with CR LF"));
            } else if (next == '\r') {
                afterCarriageReturn = true;
            } else {
                lineBytes++;
            }
            checkLength();
        }
        return 0;
    }

    private void checkLength() {
        if (lineBytes > MAX_LINE_BYTES) {
            throw new ProblemException(
                    lines == 0
                            ? Problem.of(414, "the request line is too long (at most " + MAX_LINE_BYTES + " bytes)")
                            : Problem.of(431, "a header is too long (at most " + MAX_LINE_BYTES + " bytes)"));
        }
        if (scanned > maxHeadBytes) {
            throw new ProblemException(
                    Problem.of(431, "the headers are too long (at most " + maxHeadBytes + " bytes in all)"));
        }
    }

    private int end() {
        int length = scanned;
        if (lines == 0) {
            throw new ProblemException(Problem.of(400, "the request begins with an empty line"));
        }
        scanned = 0;
        lines = 0;
        return length;
    }
}
