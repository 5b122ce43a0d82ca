package cloud.klink.webhooks.examples.quickstart;

import java.util.ArrayList;
import java.util.List;

/** Text made to fit a terminal, without cutting a character in two. */
final class Lines {
  private Lines() {}

  /** The start of a text, on one line. */
  static String cut(String text, int length) {
    String line = text.replaceAll("\\s+", " ");
    return wrap(line, length).size() > 1 ? wrap(line, length).get(0) + "…" : line;
  }

  /** A text in lines of at most so many code points. */
  static List<String> wrap(String text, int length) {
    List<String> lines = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int left = text.codePointCount(from, text.length());
      int to = text.offsetByCodePoints(from, Math.min(length, left));
      lines.add(text.substring(from, to));
      from = to;
    }
    return lines;
  }
}
