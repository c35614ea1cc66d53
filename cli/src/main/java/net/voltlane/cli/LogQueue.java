package net.voltlane.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.log.LogField;
import org.slf4j.event.KeyValuePair;

/**
 * A bounded queue of log lines, which a thread of its own writes. A line for which there is no room is dropped and
 * counted: a log that takes nothing, such as a terminal that is held with Ctrl-S, must not hold the server. When there
 * is room again, a line tells how many were dropped.
 */
final class LogQueue extends UnsynchronizedAppenderBase<ILoggingEvent> {
    static final int MAX_LINES = 8192;
    private static final int MAX_FLUSH_MILLIS = 1000;
    /** A log that is always full tells so all the same. */
    private static final int MAX_SILENCE_MILLIS = 10_000;

    private final BlockingQueue<ILoggingEvent> queue = new ArrayBlockingQueue<>(MAX_LINES);
    private final Appender<ILoggingEvent> lines;
    private final Thread writer = new Thread(this::write, "voltlane-log");
    private final LongAdder dropped = new LongAdder();

    /** The number of dropped lines that a line has told, and the time of that line. Both belong to the writer. */
    private long told;

    private long toldAtMillis;

    /** The time of the last line: nothing here reads the clock. Belongs to the writer. */
    private long lastMillis;

    /** @param lines writes a line, and may block */
    LogQueue(Appender<ILoggingEvent> lines) {
        this.lines = lines;
        writer.setDaemon(true);
    }

    /** The number of lines dropped so far. Any thread. */
    long dropped() {
        return dropped.sum();
    }

    @Override
    public void start() {
        super.start();
        writer.start();
    }

    @Override
    protected void append(ILoggingEvent event) {
        event.prepareForDeferredProcessing();
        if (!queue.offer(event)) {
            dropped.increment();
        }
    }

    private void write() {
        try {
            while (true) {
                write(queue.take());
            }
        } catch (InterruptedException stopping) {
            for (ILoggingEvent event = queue.poll(); event != null; event = queue.poll()) {
                lines.doAppend(event);
                lastMillis = event.getTimeStamp();
            }
            tellDropped(lastMillis);
            lines.stop();
        }
    }

    private void write(ILoggingEvent event) {
        lines.doAppend(event);
        lastMillis = event.getTimeStamp();
        if (queue.size() <= MAX_LINES / 2 || lastMillis - toldAtMillis >= MAX_SILENCE_MILLIS) {
            tellDropped(lastMillis);
        }
    }

    private void tellDropped(long nowMillis) {
        long count = dropped.sum() - told;
        if (count == 0) {
            return;
        }
        told += count;
        toldAtMillis = nowMillis;
        LoggingEvent event = new LoggingEvent();
        event.setInstant(Instant.ofEpochMilli(nowMillis));
        event.setThreadName(writer.getName());
        event.setLoggerName(LogQueue.class.getName());
        event.setLevel(Level.WARN);
        event.setMDCPropertyMap(Map.of());
        event.setMessage("Dropped " + (count == 1 ? "1 line" : count + " lines")
                + " of the log, which standard error did not take in time");
        event.setKeyValuePairs(List.of(
                new KeyValuePair(LogField.EVENT.key(), LogEvent.LINES_DROPPED.id()),
                new KeyValuePair(LogField.COUNT.key(), count)));
        lines.doAppend(event);
    }

    /** Writes what still waits, for one second at most. */
    @Override
    public void stop() {
        if (!isStarted()) {
            return;
        }
        super.stop();
        writer.interrupt();
        try {
            writer.join(MAX_FLUSH_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
