package net.voltlane.admin.history;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The past of a server's figures: a sample each second for 10 minutes, and one for each 30 seconds of the last 24 hours.
 * It takes 300 KB, all of them from the start on, whatever the number of clients. Belongs to one thread, which calls
 * {@link #tick} several times a second.
 *
 * <p>Samples lie in slots of a second, counted from the start. If the process stands still, the slots that it missed
 * stay empty, so nothing is moved to another time. Rates are over the time that really passed between two samples.
 */
public final class History {
    private static final Series[] SERIES = Series.values();
    private static final int LAG = Series.LOOP_LAG_SECONDS.ordinal();
    private static final long SLOT_NANOS = TimeUnit.SECONDS.toNanos(Resolution.SECOND.stepSeconds);
    private static final int SPAN = Resolution.HALF_MINUTE.stepSeconds;

    private final Figures figures;
    private final LongSupplier nanoClock;
    private final InstantSource wallClock;

    private final Ring seconds = new Ring(Resolution.SECOND.samples);
    private final Ring spans = new Ring(Resolution.HALF_MINUTE.samples);
    private final Summary summary = new Summary();

    private final long startNanos;
    private long sampledNanos;
    private Instant sampledAt;
    /** The largest since the last sample: a short lag would fall between two of them. */
    private double lagSeconds;
    /** The last readings of the counters behind rates. */
    private final double[] before = new double[SERIES.length];

    private final float[] samples = new float[SERIES.length];

    /**
     * A history that begins now.
     *
     * @param nanoClock as {@link System#nanoTime}
     * @param wallClock read at each sample, for the times that operators see
     */
    public History(Figures figures, LongSupplier nanoClock, InstantSource wallClock) {
        this.figures = figures;
        this.nanoClock = nanoClock;
        this.wallClock = wallClock;
        startNanos = nanoClock.getAsLong();
        sampledNanos = startNanos;
        sampledAt = wallClock.instant();
        for (Series series : SERIES) {
            if (series.isRate()) {
                before[series.ordinal()] = series.read(figures);
            }
        }
    }

    /**
     * Takes a sample once a second, and looks at the lag of the loops at every call.
     *
     * @return true if a sample was taken
     */
    public boolean tick() {
        lagSeconds = Math.max(lagSeconds, Series.LOOP_LAG_SECONDS.read(figures));
        long now = nanoClock.getAsLong();
        long slot = (now - startNanos) / SLOT_NANOS - 1; // the slot that has just ended
        if (slot <= seconds.newest()) {
            return false;
        }
        sample(now, slot);
        return true;
    }

    private void sample(long now, long slot) {
        double elapsedSeconds = (now - sampledNanos) / 1e9;
        for (Series series : SERIES) {
            int i = series.ordinal();
            double value = series.read(figures);
            samples[i] = (float) (series.isRate() ? (value - before[i]) / elapsedSeconds : value);
            before[i] = value;
        }
        samples[LAG] = (float) lagSeconds;
        lagSeconds = 0;
        sampledNanos = now;
        sampledAt = wallClock.instant();
        seconds.put(slot, samples);
        summary.add(slot);
    }

    /** The newest sample of a series; NaN before the first. */
    public float newest(Series series) {
        return seconds.size() == 0 ? Float.NaN : seconds.get(series, 0);
    }

    /** The time of the newest sample, or of the start. */
    public Instant newestAt() {
        return sampledAt;
    }

    /** The samples of a resolution. */
    Ring ring(Resolution resolution) {
        return resolution == Resolution.SECOND ? seconds : spans;
    }

    /** The time of the newest sample of a resolution, or of the start. */
    Instant newestAt(Resolution resolution) {
        return resolution == Resolution.SECOND
                ? sampledAt
                : sampledAt.minus(
                        Duration.ofSeconds(Math.max(0, seconds.newest() - (spans.newest() * SPAN + SPAN - 1))));
    }

    /** The sum and the maximum of each series since the last span of 30 seconds ended. */
    private final class Summary {
        private final double[] sums = new double[SERIES.length];
        private final float[] maxima = new float[SERIES.length];
        private final float[] summed = new float[SERIES.length];
        private long span = 0;
        private int count;

        /** Adds the newest samples; a span is kept once its last second has passed. */
        void add(long slot) {
            if (slot / SPAN > span) {
                keep();
                span = slot / SPAN;
            }
            for (int i = 0; i < samples.length; i++) {
                sums[i] += samples[i];
                maxima[i] = count == 0 ? samples[i] : Math.max(maxima[i], samples[i]);
            }
            count++;
            if (slot % SPAN == SPAN - 1) {
                keep();
            }
        }

        private void keep() {
            if (count == 0) {
                return;
            }
            for (Series series : SERIES) {
                int i = series.ordinal();
                summed[i] = series.span == Series.Span.MAX ? maxima[i] : (float) (sums[i] / count);
            }
            spans.put(span, summed);
            Arrays.fill(sums, 0);
            count = 0;
        }
    }
}
