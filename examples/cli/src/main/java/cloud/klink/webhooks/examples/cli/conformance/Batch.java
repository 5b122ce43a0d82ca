package cloud.klink.webhooks.examples.cli.conformance;

import cloud.klink.webhooks.examples.cli.Printable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Some lines that follow one another: what one worker checks at a time. */
final class Batch {
  static final String TOO_LITTLE_MEMORY =
      "there is too little memory for a line as long as this; give Java more with -Xmx";

  private static final int MAX_LINES = 256;
  private static final int MAX_BYTES = 1 << 18;
  private static final int MAX_NAME = 80;

  private final String file;
  private final long firstLine;
  private final List<byte[]> lines = new ArrayList<>();
  private int bytes;

  Batch(String file, long firstLine) {
    this.file = file;
    this.firstLine = firstLine;
  }

  /** Reads the next lines; none at the end. After a long line come no others. */
  void fill(Lines from) throws IOException {
    while (lines.size() < MAX_LINES && bytes < MAX_BYTES) {
      byte[] line = from.next();
      if (line == null) {
        return;
      }
      lines.add(line);
      bytes += line.length;
    }
  }

  int lines() {
    return lines.size();
  }

  int bytes() {
    return bytes;
  }

  /** Checks the lines up to the first that is no vector. */
  Verdict check() {
    VectorParser parser = new VectorParser();
    long passed = 0;
    List<String> failures = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      byte[] line = lines.get(i);
      if (isBlank(line)) {
        continue;
      }
      try {
        Vector vector = parser.parse(line);
        Optional<String> difference = Difference.between(vector.expected(), Outcome.of(vector));
        if (difference.isEmpty()) {
          passed++;
        } else {
          failures.add(place(i) + describe(vector) + difference.get());
        }
      } catch (BrokenVectorException e) {
        return new Verdict(passed, failures, place(i) + e.getMessage());
      } catch (OutOfMemoryError e) {
        return new Verdict(passed, failures, place(i) + TOO_LITTLE_MEMORY);
      }
    }
    return new Verdict(passed, failures, null);
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  private String place(int index) {
    return file + ":" + (firstLine + index) + ": ";
  }

  private static String describe(Vector vector) {
    return Printable.cut(vector.name(), MAX_NAME) + " (" + vector.dialect().id() + "): ";
  }

  /**
   * What came of a batch.
   *
   * @param passed how many vectors passed
   * @param failures a line for each that did not
   * @param broken where and why a line is no vector; the batch was not checked any further
   */
  record Verdict(
      long passed, List<String> failures, @Nullable String broken) {}
}
