package cloud.klink.webhooks.examples.cli.conformance;

import cloud.klink.webhooks.examples.cli.Printable;
import cloud.klink.webhooks.examples.cli.conformance.Outcome.Malformed;
import cloud.klink.webhooks.examples.cli.conformance.Outcome.Signed;
import java.util.Optional;

/** Says in a readable length how what came out is not what was expected. */
final class Difference {
  /** How much is shown of a text, in code points. */
  static final int SHOWN = 80;

  /** How much of that may stand before the first difference. */
  private static final int CONTEXT = 20;

  private Difference() {}

  /** Empty if there is none. */
  static Optional<String> between(Outcome expected, Outcome actual) {
    if (expected instanceof Signed wanted && actual instanceof Signed got) {
      return between(wanted, got);
    }
    if (expected instanceof Malformed wanted
        && actual instanceof Malformed got
        && wanted.code().equals(got.code())) {
      return Optional.empty();
    }
    return Optional.of(words(show(expected), show(actual)));
  }

  private static Optional<String> between(Signed wanted, Signed got) {
    if (!wanted.canonical().equals(got.canonical())) {
      int from = Math.max(0, firstDifference(wanted.canonical(), got.canonical()) - CONTEXT);
      return Optional.of(words(
          "canonical " + Printable.excerpt(wanted.canonical(), from, SHOWN),
          "canonical " + Printable.excerpt(got.canonical(), from, SHOWN)));
    }
    if (!wanted.signature().equals(got.signature())) {
      return Optional.of(words(
          "signature " + Printable.excerpt(wanted.signature(), 0, SHOWN),
          "signature " + Printable.excerpt(got.signature(), 0, SHOWN)
              + ", from the same canonical string"));
    }
    return Optional.empty();
  }

  private static String words(String expected, String actual) {
    return "expected " + expected + ", got " + actual;
  }

  private static String show(Outcome outcome) {
    if (outcome instanceof Signed signed) {
      return "canonical " + Printable.excerpt(signed.canonical(), 0, SHOWN);
    }
    Malformed malformed = (Malformed) outcome;
    return malformed.message().isEmpty()
        ? malformed.code()
        : malformed.code() + " (" + Printable.line(malformed.message()) + ")";
  }

  private static int firstDifference(String one, String other) {
    int i = 0;
    while (i < one.length() && i < other.length() && one.charAt(i) == other.charAt(i)) {
      i++;
    }
    return i;
  }
}
