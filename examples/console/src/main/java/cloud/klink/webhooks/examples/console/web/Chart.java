package cloud.klink.webhooks.examples.console.web;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A chart, as a template draws it: in a box of {@value #WIDTH} to {@value #HEIGHT}.
 *
 * @param bars the bars of each series, as one shape; each over the one before
 * @param lines lines over the bars
 * @param limit where the limit is drawn, from the top; empty for none
 * @param max what the top stands for
 */
public record Chart(List<Shape> bars, List<Shape> lines, String limit, double max) {
  static final int WIDTH = 600;
  static final int HEIGHT = 160;
  private static final double GAP = 0.18;

  /**
   * What is drawn of a series: one path, for a page of many small charts has thousands of bars.
   *
   * @param kind its class in the stylesheet
   * @param path its path
   */
  public record Shape(String kind, String path) {}

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
    List<StringBuilder> paths = series.stream().map(one -> new StringBuilder()).toList();
    for (int i = 0; i < buckets.size(); i++) {
      double y = HEIGHT;
      for (int n = 0; n < series.size(); n++) {
        double value = series.get(n).value.applyAsDouble(buckets.get(i));
        if (value > 0) {
          // What is there is seen, however little it is.
          double height = Math.max(2, value / top * HEIGHT);
          y = Math.max(0, y - height);
          bar(paths.get(n), (i + GAP / 2) * width, y, width * (1 - GAP), height);
        }
      }
    }
    List<Shape> bars = new ArrayList<>();
    for (int n = 0; n < series.size(); n++) {
      if (!paths.get(n).isEmpty()) {
        bars.add(new Shape(series.get(n).kind, paths.get(n).toString()));
      }
    }
    String line = limit > 0 ? number(HEIGHT - limit / top * HEIGHT) : "";
    return new Chart(List.copyOf(bars), List.of(), line, top);
  }

  private static void bar(StringBuilder path, double x, double y, double width, double height) {
    path.append('M').append(number(x)).append(' ').append(number(y));
    path.append('h').append(number(width)).append('v').append(number(height));
    path.append('h').append(number(-width)).append('z');
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
    List<Shape> lines = new ArrayList<>();
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
      lines.add(new Shape(one.kind, path.toString()));
    }
    return new Chart(List.of(), List.copyOf(lines), "", top);
  }

  private static String number(double value) {
    return Double.toString(Math.round(value * 10) / 10.0);
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
