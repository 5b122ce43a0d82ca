package cloud.klink.webhooks.examples.benchmarks.chart;

import java.util.List;
import java.util.Locale;

/**
 * Horizontal bars, one a figure, as long as its median, with a line from the lower to the upper
 * quartile. The picture has its own background, so that it reads in dark and in light pages.
 */
record BarChart(String title, String caption, List<Bar> bars) {
  private static final int WIDTH = 900;
  private static final int NAMES = 330;
  private static final int VALUES = 130;
  private static final int TOP = 50;
  private static final int ROW = 26;
  private static final int THICKNESS = 16;
  private static final int BOTTOM = 34;

  String svg() {
    int height = TOP + bars.size() * ROW + BOTTOM;
    double greatest = bars.stream()
        .mapToDouble(bar -> Math.max(bar.median(), bar.upperQuartile()))
        .max()
        .orElseThrow();
    StringBuilder svg = new StringBuilder();
    svg.append(String.format(Locale.ROOT, """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" role="img"
          font-family="system-ui, sans-serif" font-size="13" fill="#1f2933">
        <title>%3$s</title>
        <rect width="%1$d" height="%2$d" fill="#ffffff"/>
        <text x="16" y="30" font-size="17" font-weight="600">%3$s</text>
        """, WIDTH, height, escaped(title)));
    for (int row = 0; row < bars.size(); row++) {
      bar(svg, bars.get(row), TOP + row * ROW, (WIDTH - NAMES - VALUES) / greatest);
    }
    svg.append(String.format(
        Locale.ROOT,
        "<text x=\"16\" y=\"%d\" font-size=\"11\" fill=\"#52606d\">%s</text>\n</svg>\n",
        height - 12,
        escaped(caption)));
    return svg.toString();
  }

  private static void bar(StringBuilder svg, Bar bar, int y, double scale) {
    int middle = y + THICKNESS / 2;
    double end = NAMES + bar.median() * scale;
    svg.append(String.format(
        Locale.ROOT,
        """
        <text x="%d" y="%d" text-anchor="end">%s</text>
        <rect x="%d" y="%d" width="%.1f" height="%d" fill="#3e7cb1"/>
        <line x1="%.1f" x2="%.1f" y1="%d" y2="%d" stroke="#1f2933" stroke-width="2"/>
        <text x="%.1f" y="%d">%.2f</text>
        """,
        NAMES - 10,
        middle + 5,
        escaped(bar.name()),
        NAMES,
        y,
        bar.median() * scale,
        THICKNESS,
        NAMES + bar.lowerQuartile() * scale,
        NAMES + bar.upperQuartile() * scale,
        middle,
        middle,
        Math.max(end, NAMES + bar.upperQuartile() * scale) + 8,
        middle + 5,
        bar.median()));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
