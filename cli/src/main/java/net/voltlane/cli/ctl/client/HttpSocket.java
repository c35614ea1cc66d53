package net.voltlane.cli.ctl.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A single request over HTTP/1.1, on a connection of its own. The JDK's clients could do the same, but take 15 to 300 ms
 * longer to load, and a health check runs every few seconds.
 */
final class HttpSocket {
    private static final int MAX_HEAD_BYTES = 64 << 10;
    private static final int MAX_BODY_BYTES = 256 << 20;
    private static final int CHUNK_RADIX = 16;

    private final InputStream in;
    private final Socket socket;
    private final long deadlineNanos;
    private int headBytes;

    private HttpSocket(Socket socket, long deadlineNanos) throws IOException {
        this.socket = socket;
        this.deadlineNanos = deadlineNanos;
        in = new BufferedInputStream(socket.getInputStream(), 16 << 10);
    }

    /**
     * Connects, sends {@code request} and reads the answer.
     *
     * @param request its head and body; the head must say {@code Connection: close}
     * @param timeoutMillis the time for everything, from the first step to the last
     * @throws NotHttpException if what came is no answer over HTTP
     * @throws SocketTimeoutException if the time was not enough
     */
    static HttpAnswer exchange(InetSocketAddress address, byte[] request, int timeoutMillis) throws IOException {
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        try (Socket socket = new Socket()) {
            socket.connect(address, timeoutMillis);
            HttpSocket http = new HttpSocket(socket, deadlineNanos);
            socket.getOutputStream().write(request);
            return http.answer();
        }
    }

    private HttpAnswer answer() throws IOException {
        String[] statusLine = line().split(" ", 3);
        if (statusLine.length < 2 || !statusLine[0].startsWith("HTTP/1.") || !statusLine[1].matches("[1-5][0-9]{2}")) {
            throw new NotHttpException("the first line is no status of HTTP");
        }
        Map<String, String> headers = headers();
        String type = headers.getOrDefault("content-type", "").split(";", 2)[0].strip();
        byte[] body = body(headers);
        return new HttpAnswer(
                Integer.parseInt(statusLine[1]),
                type.toLowerCase(Locale.ROOT),
                new String(body, StandardCharsets.UTF_8));
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon <= 0) {
                throw new NotHttpException("a header has no name");
            }
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return headers;
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        String length = headers.get("content-length");
        if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            chunks(body);
        } else if (length != null) {
            copy(body, number(length, 10));
        } else {
            for (int read = read(); read >= 0; read = read()) {
                body.write(read);
                checkSize(body.size());
            }
        }
        return body.toByteArray();
    }

    private void chunks(ByteArrayOutputStream body) throws IOException {
        while (true) {
            int size = number(line().split(";", 2)[0].strip(), CHUNK_RADIX);
            if (size == 0) {
                return; // what may follow is of no use here
            }
            copy(body, size);
            if (!line().isEmpty()) {
                throw new NotHttpException("a chunk is longer than it says");
            }
        }
    }

    private void copy(ByteArrayOutputStream body, int count) throws IOException {
        checkSize((long) body.size() + count);
        byte[] buffer = new byte[8 << 10];
        int left = count;
        while (left > 0) {
            limitWait();
            int read = in.read(buffer, 0, Math.min(left, buffer.length));
            if (read < 0) {
                throw new NotHttpException("the answer is cut short");
            }
            body.write(buffer, 0, read);
            left -= read;
        }
    }

    private static void checkSize(long bytes) throws NotHttpException {
        if (bytes > MAX_BODY_BYTES) {
            throw new NotHttpException("the answer is longer than " + MAX_BODY_BYTES + " bytes");
        }
    }

    private static int number(String digits, int radix) throws NotHttpException {
        try {
            int number = Integer.parseInt(digits, radix);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new NotHttpException("a length is no number");
    }

    /** A line of the head, without its end. */
    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int read = read(); read != '\n'; read = read()) {
            if (read < 0 || ++headBytes > MAX_HEAD_BYTES) {
                throw new NotHttpException(read < 0 ? "the answer is cut short" : "the head has no end");
            }
            line.append((char) read);
        }
        int end = line.length() - 1;
        return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
    }

    private int read() throws IOException {
        limitWait();
        return in.read();
    }

    /** Lets the next read wait until the deadline at most. A read that has bytes already costs no system call here. */
    private void limitWait() throws IOException {
        if (in.available() == 0) {
            long millis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
            if (millis <= 0) {
                throw new SocketTimeoutException();
            }
            socket.setSoTimeout((int) millis);
        }
    }
}
