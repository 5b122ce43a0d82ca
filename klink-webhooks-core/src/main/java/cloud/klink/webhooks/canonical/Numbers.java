package cloud.klink.webhooks.canonical;

import com.fasterxml.jackson.core.io.NumberInput;
import com.fasterxml.jackson.core.io.NumberOutput;
import java.nio.charset.StandardCharsets;

/** How JSON numbers read as doubles, and how Python and Go print doubles. */
final class Numbers {
  private static final long EXACT = 1L << 53;

  private Numbers() {}

  static double parse(byte[] t, int from, int to) {
    // ISO-8859-1 keeps the string compact; the text is known to be ASCII.
    return NumberInput.parseDouble(
        new String(t, from, to - from, StandardCharsets.ISO_8859_1), true);
  }

  /**
   * Whether the text {@code [-]integer.fraction} surely equals what Python prints of its double.
   * Doubles keep 15 decimal digits, so up to there the shortest form is the text itself, if it has
   * no needless zero at its end and is large enough for Python to use no exponent.
   */
  static boolean isPlainDecimal(byte[] t, int start, int point, int end) {
    int first = t[start] == '-' ? start + 1 : start;
    int fraction = end - point - 1;
    if (end - first > 16 || (t[end - 1] == '0' && fraction > 1)) {
      return false;
    }
    if (t[first] != '0' || fraction <= 4) {
      return true;
    }
    return t[point + 1] != '0' || t[point + 2] != '0' || t[point + 3] != '0' || t[point + 4] != '0';
  }

  /** For an integer of 16 characters or more: whether Go prints it otherwise, or cannot. */
  static int featuresOfLargeInteger(byte[] t, int start, int end) {
    int first = t[start] == '-' ? start + 1 : start;
    int digits = end - first;
    if (digits > 309 || (digits == 309 && Double.isInfinite(parse(t, start, end)))) {
      return Features.GO_NUMBER | Features.NO_GO_FORM;
    }
    if (digits > 16) {
      return Features.GO_NUMBER;
    }
    long value = 0;
    for (int p = first; p < end; p++) {
      value = value * 10 + t[p] - '0';
    }
    return value > EXACT ? Features.GO_NUMBER : 0;
  }

  static boolean isPython(double value, byte[] t, int start, int end) {
    String expected = python(value);
    if (expected.length() != end - start) {
      return false;
    }
    for (int i = 0; i < expected.length(); i++) {
      if (expected.charAt(i) != t[start + i]) {
        return false;
      }
    }
    return true;
  }

  /** Python's {@code repr}: an exponent of at least two digits from 1e16 up and below 1e-4. */
  static String python(double value) {
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    Decimal d = Decimal.shortest(value);
    if (d.point > 16 || d.point < -3) {
      return d.scientific(2);
    }
    return d.point >= d.digits.length() ? d.fixed() + ".0" : d.fixed();
  }

  /** Go's {@code json.Marshal}: no {@code .0}; an exponent from 1e21 up and below 1e-6. */
  static String go(double value) {
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    Decimal d = Decimal.shortest(value);
    return d.point > 21 || d.point < -5 ? d.scientific(1) : d.fixed();
  }

  /** A decimal number 0.DIGITS x 10^point, without zeros at either end. */
  private record Decimal(boolean negative, String digits, int point) {

    /** The shortest digits that read back as the same double, as Python and Go choose them. */
    static Decimal shortest(double value) {
      double magnitude = Math.abs(value);
      Decimal d = parse(value < 0, NumberOutput.toString(magnitude, true));
      return d.digits.length() == 2 ? d.withOneDigit(magnitude) : d;
    }

    private static Decimal parse(boolean negative, String javaText) {
      int e = javaText.indexOf('E');
      String mantissa = e < 0 ? javaText : javaText.substring(0, e);
      int dot = mantissa.indexOf('.');
      String all = mantissa.substring(0, dot) + mantissa.substring(dot + 1);
      int point = dot + (e < 0 ? 0 : Integer.parseInt(javaText.substring(e + 1)));
      int from = 0;
      while (all.charAt(from) == '0') {
        from++;
      }
      int to = all.length();
      while (all.charAt(to - 1) == '0') {
        to--;
      }
      return new Decimal(negative, all.substring(from, to), point - from);
    }

    /**
     * Java's definition takes the closer of one and two digits, so the smallest double is 4.9E-324;
     * Python and Go print 5e-324.
     */
    private Decimal withOneDigit(double magnitude) {
      int tens = digits.charAt(0) - '0';
      int nearest = digits.charAt(1) >= '5' ? tens + 1 : tens;
      if (Double.parseDouble(nearest + "e" + (point - 1)) != magnitude) {
        return this;
      }
      return nearest == 10
          ? new Decimal(negative, "1", point + 1)
          : new Decimal(negative, Integer.toString(nearest), point);
    }

    String fixed() {
      String sign = negative ? "-" : "";
      if (point <= 0) {
        return sign + "0." + "0".repeat(-point) + digits;
      }
      if (point >= digits.length()) {
        return sign + digits + "0".repeat(point - digits.length());
      }
      return sign + digits.substring(0, point) + "." + digits.substring(point);
    }

    String scientific(int exponentDigits) {
      int exponent = point - 1;
      String power = Integer.toString(Math.abs(exponent));
      return (negative ? "-" : "")
          + digits.charAt(0)
          + (digits.length() > 1 ? "." + digits.substring(1) : "")
          + (exponent < 0 ? "e-" : "e+")
          + "0".repeat(Math.max(0, exponentDigits - power.length()))
          + power;
    }
  }
}
