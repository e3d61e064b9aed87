package io.hioload.bench.compare;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Horizontal bars as SVG, one for each name. One thread. */
final class BarChart {

    private static final int NAME_WIDTH = 170;
    private static final int BAR_WIDTH = 480;
    private static final int FIGURE_WIDTH = 80;
    private static final int ROW_HEIGHT = 24;
    private static final int BAR_HEIGHT = 16;
    private static final String OURS = "#1f6feb";
    private static final String OTHERS = "#8c959f";

    private final String title;
    private final Map<String, Double> bars = new LinkedHashMap<>();

    BarChart(String title) {
        this.title = title;
    }

    void bar(String name, double value) {
        if (Double.isFinite(value)) {
            bars.put(name, value);
        }
    }

    String svg() {
        double most = bars.values().stream().mapToDouble(Double::doubleValue).max().orElse(1);
        int width = NAME_WIDTH + BAR_WIDTH + FIGURE_WIDTH;
        int height = ROW_HEIGHT * (bars.size() + 2);
        StringBuilder svg = new StringBuilder();
        append(svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" font-family=\"sans-serif\" font-size=\"13\">",
                width, height, width);
        append(svg, "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", width, height);
        append(svg, "<text x=\"8\" y=\"18\" font-weight=\"bold\">%s</text>", escaped(title));
        int row = 1;
        for (Map.Entry<String, Double> bar : bars.entrySet()) {
            int y = row++ * ROW_HEIGHT + 8;
            double length = Math.max(1, Math.max(0, bar.getValue()) / most * BAR_WIDTH);
            append(svg, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", NAME_WIDTH - 8, y + 13, escaped(bar.getKey()));
            append(svg, "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>", NAME_WIDTH, y, length, BAR_HEIGHT,
                    bar.getKey().startsWith("hioload") ? OURS : OTHERS);
            append(svg, "<text x=\"%.1f\" y=\"%d\">%s</text>", NAME_WIDTH + length + 6, y + 13, figure(bar.getValue()));
        }
        return svg.append("</svg>\n").toString();
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.3f", value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static void append(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
