package io.hioload.bench.compare;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The middle and the ends of some figures.
 *
 * @param least  the smallest
 * @param median the middle one
 * @param most   the largest
 */
record Spread(double least, double median, double most) {

    static Spread of(List<Double> figures) {
        if (figures.isEmpty()) {
            return new Spread(Double.NaN, Double.NaN, Double.NaN);
        }
        List<Double> sorted = figures.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(sorted.getFirst(), median, sorted.getLast());
    }

    static Spread of(List<Sample> samples, ToDoubleFunction<Sample> figure) {
        return of(samples.stream().map(figure::applyAsDouble).toList());
    }

    /** How far the ends lie apart, as a share of the middle. */
    double relative() {
        return (most - least) / median;
    }
}
