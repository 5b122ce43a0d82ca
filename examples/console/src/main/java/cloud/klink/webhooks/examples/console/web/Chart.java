package cloud.klink.webhooks.examples.console.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A chart, as a template draws it: in a box of {@value #WIDTH} to {@value #HEIGHT}.
 *
 * @param bars parts of bars, each over the one before
 * @param lines lines over the bars
 * @param limit where the limit is drawn, from the top; empty for none
 * @param max what the top stands for
 */
public record Chart(List<Bar> bars, List<Line> lines, String limit, double max) {
  static final int WIDTH = 600;
  static final int HEIGHT = 160;
  private static final double GAP = 0.18;

  /**
   * A part of a bar.
   *
   * @param kind its class in the stylesheet
   * @param x its left
   * @param y its top
   * @param width its width
   * @param height its height
   */
  public record Bar(String kind, String x, String y, String width, String height) {}

  /**
   * A line.
   *
   * @param kind its class in the stylesheet
   * @param path its path
   */
  public record Line(String kind, String path) {}

  /** A series: its class in the stylesheet, and its values; not a number where there is none. */
  record Series<T>(String kind, ToDoubleFunction<T> value) {}

  /** Bars, one series on the other. */
  static <T> Chart stacked(List<T> buckets, List<Series<T>> series, double limit) {
    double top = Math.max(1, limit * 1.1);
    for (T bucket : buckets) {
      top = Math.max(
          top,
          series.stream().mapToDouble(one -> one.value.applyAsDouble(bucket)).sum());
    }
    double width = (double) WIDTH / buckets.size();
    List<Bar> bars = new ArrayList<>();
    for (int i = 0; i < buckets.size(); i++) {
      double y = HEIGHT;
      for (Series<T> one : series) {
        double value = one.value.applyAsDouble(buckets.get(i));
        if (value > 0) {
          // What is there is seen, however little it is.
          double height = Math.max(2, value / top * HEIGHT);
          y = Math.max(0, y - height);
          bars.add(new Bar(
              one.kind,
              number((i + GAP / 2) * width),
              number(y),
              number(width * (1 - GAP)),
              number(height)));
        }
      }
    }
    String line = limit > 0 ? number(HEIGHT - limit / top * HEIGHT) : "";
    return new Chart(List.copyOf(bars), List.of(), line, top);
  }

  /** Lines, broken where there is no value. */
  static <T> Chart lines(List<T> buckets, List<Series<T>> series) {
    double top = 1;
    for (Series<T> one : series) {
      for (T bucket : buckets) {
        double value = one.value.applyAsDouble(bucket);
        top = Double.isNaN(value) ? top : Math.max(top, value);
      }
    }
    double width = (double) WIDTH / buckets.size();
    List<Line> lines = new ArrayList<>();
    for (Series<T> one : series) {
      StringBuilder path = new StringBuilder();
      boolean isDown = false;
      for (int i = 0; i < buckets.size(); i++) {
        double value = one.value.applyAsDouble(buckets.get(i));
        if (Double.isNaN(value)) {
          isDown = false;
          continue;
        }
        String y = number(HEIGHT - value / top * (HEIGHT - 4) - 2);
        path.append(isDown ? 'L' : 'M')
            .append(number((i + GAP) * width))
            .append(' ')
            .append(y);
        path.append('L').append(number((i + 1 - GAP) * width)).append(' ').append(y);
        isDown = true;
      }
      lines.add(new Line(one.kind, path.toString()));
    }
    return new Chart(List.of(), List.copyOf(lines), "", top);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  /**
   * Whether there is anything to be drawn.
   *
   * @return false without bars and lines
   */
  public boolean isEmpty() {
    return bars.isEmpty() && lines.stream().allMatch(line -> line.path.isEmpty());
  }
}
