package net.voltlane.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;

/**
 * From values to places on one side of a chart.
 *
 * @param scale what is drawn evenly: the value itself, or its logarithm
 * @param min the scaled value at the start
 * @param max the scaled value at the end, above {@code min}
 * @param ticks where it is marked
 */
record Axis(DoubleUnaryOperator scale, double min, double max, List<Tick> ticks) {

    /** A mark on the axis. */
    record Tick(double value, String label) {}

    private static final double[] STEPS = {1, 2, 5, 10};
    private static final int DECADES_FOR_FINE_TICKS = 2;
    private static final int DECIMAL = 10;

    /** 0 at the start, 1 at the end. */
    double place(double value) {
        double place = (scale.applyAsDouble(value) - min) / (max - min);
        return Math.min(1, Math.max(0, place));
    }

    /** An even one, from {@code min} to a round number at or over {@code max}. */
    static Axis linear(double min, double max, int marks, DoubleFunction<String> label) {
        double step = roundStep(Math.max(max - min, Double.MIN_NORMAL) / marks);
        List<Tick> ticks = new ArrayList<>();
        double first = Math.ceil(min / step - 1e-9) * step;
        double end = Math.max(max, first + step);
        for (int i = 0; first + i * step <= end + step * 1e-6; i++) {
            ticks.add(new Tick(first + i * step, label.apply(first + i * step)));
        }
        return new Axis(value -> value, min, end, ticks);
    }

    /** An even axis from 0 that ends with a mark. */
    static Axis rounded(double max, int marks, DoubleFunction<String> label) {
        double step = roundStep(Math.max(max, 1) / marks);
        return linear(0, Math.ceil(max / step) * step, marks, label);
    }

    /** A logarithmic one over whole steps of 1, 2, 5 that hold both values. */
    static Axis logarithmic(double min, double max, DoubleFunction<String> label) {
        double low = below(Math.max(min, 1));
        double high = Math.max(above(max), low * DECIMAL);
        boolean fine = Math.log10(high / low) <= DECADES_FOR_FINE_TICKS;
        List<Tick> ticks = new ArrayList<>();
        for (double decade = Math.pow(DECIMAL, Math.floor(Math.log10(low))); decade <= high; decade *= DECIMAL) {
            for (int i = 0; i < (fine ? 3 : 1); i++) {
                double value = decade * STEPS[i];
                if (value >= low * 0.999 && value <= high * 1.001) {
                    ticks.add(new Tick(value, label.apply(value)));
                }
            }
        }
        return new Axis(Math::log10, Math.log10(low), Math.log10(high), ticks);
    }

    /**
     * Percentiles, drawn by the logarithm of {@code 1 / (1 - p)}: each nine takes the same room. Values are
     * {@code 1 / (1 - p)}.
     *
     * @param count how many values there are: beyond the last of them there is nothing to draw
     */
    static Axis nines(double count) {
        List<Tick> ticks = new ArrayList<>();
        double end = Math.max(count, DECIMAL);
        ticks.add(new Tick(1, ""));
        ticks.add(new Tick(2, "50 %"));
        String nines = "";
        for (double value = DECIMAL; value <= end; value *= DECIMAL) {
            nines = nines.isEmpty() ? "90" : "90".equals(nines) ? "99" : nines + (nines.contains(".") ? "9" : ".9");
            ticks.add(new Tick(value, nines + " %"));
        }
        return new Axis(Math::log10, 0, Math.log10(end), ticks);
    }

    private static double roundStep(double step) {
        double decade = Math.pow(DECIMAL, Math.floor(Math.log10(step)));
        for (double each : STEPS) {
            if (each * decade >= step * 0.999) {
                return each * decade;
            }
        }
        return DECIMAL * decade;
    }

    private static double above(double value) {
        return roundStep(value);
    }

    private static double below(double value) {
        double decade = Math.pow(DECIMAL, Math.floor(Math.log10(value)));
        double low = decade;
        for (double each : STEPS) {
            if (each * decade <= value * 1.001) {
                low = each * decade;
            }
        }
        return low;
    }
}
