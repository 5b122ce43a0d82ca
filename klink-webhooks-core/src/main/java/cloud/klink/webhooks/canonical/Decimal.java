package cloud.klink.webhooks.canonical;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.util.Arrays;

/**
 * The shortest decimal number that reads as a given double, 0.DIGITS x 10^point, and how Python and
 * Go print it. One object is filled again and again, so that a number costs no memory.
 */
final class Decimal {
  /** No number is printed longer than this. */
  static final int MAX_LENGTH = 32;

  /** Different decimals of so many digits are different doubles, in all of the normal range. */
  private static final int EXACT_DIGITS = 15;

  /** So many digits of the largest double, which is below 10^309. */
  private static final long LARGEST = 179_769_313_486_231L;

  private static final int LARGEST_POINT = 309;

  /** Decimals that are 10^-323 or more apart are different doubles, which are 4.9e-324 apart. */
  private static final int EXACT_DECIMALS = 323;

  /** What is below 10^-324 reads as zero. */
  private static final int SMALLEST_POINT = -324;

  /** The smallest double in units of 10^-324. */
  private static final double SMALLEST = 4.940656458412465;

  /** As many of it are 10^-321, below which two digits may be closer where one would do. */
  private static final long TINY = 202;

  private static final int DOUBLE_DIGITS = 17;
  private static final int ENDLESS = 10_000;

  /** From 2^53 up not every whole number is a double; that one has 16 digits. */
  private static final long FIRST_LARGE = 1L << 53;

  private static final int LARGE_POINT = 16;

  /** For the text of one number. */
  final char[] buffer = new char[Tokens.MAX_NUMBER_LENGTH];

  /** For one double as Java prints it. */
  private final byte[] java = new byte[MAX_LENGTH];

  private final byte[] printed = new byte[MAX_LENGTH];

  /** Whether the number that was read has another value than the decimal that is printed. */
  private boolean rounded;

  private boolean negative;

  /** Without zeros at either end; zero for zero. */
  private long digits;

  private int size;
  private int point;

  /**
   * Reads a JSON number that ends before to or before a character that no number has. Returns false
   * if its double is needed to tell the shortest form: then use {@link #set}.
   */
  boolean read(byte[] t, int from, int to) {
    if (!read(t, from, to, EXACT_DIGITS)) {
      return false;
    }
    rounded = point < SMALLEST_POINT;
    if (rounded) {
      zero();
    }
    return size - point <= EXACT_DECIMALS
        && (point < LARGEST_POINT || (point == LARGEST_POINT && isAtMostLargest()));
  }

  private boolean isAtMostLargest() {
    long all = digits;
    for (int i = size; i < EXACT_DIGITS; i++) {
      all *= 10;
    }
    return all <= LARGEST;
  }

  private void zero() {
    digits = 0;
    size = 0;
    point = 0;
  }

  private boolean read(byte[] t, int from, int to, int maxDigits) {
    negative = t[from] == '-';
    digits = 0;
    size = 0;
    int zeros = 0; // behind the last digit that is not 0
    int decimals = 0;
    boolean fraction = false;
    int p = negative ? from + 1 : from;
    for (; p < to; p++) {
      int c = t[p];
      if (c == '.') {
        fraction = true;
        continue;
      }
      if (c < '0' || c > '9') {
        break;
      }
      decimals += fraction ? 1 : 0;
      if (c == '0') {
        zeros++;
        continue;
      }
      size += (digits == 0 ? 0 : zeros) + 1;
      if (size > maxDigits) {
        return false;
      }
      for (; digits != 0 && zeros > 0; zeros--) {
        digits *= 10;
      }
      zeros = 0;
      digits = digits * 10 + c - '0';
    }
    point = digits == 0 ? 0 : size + zeros - decimals + exponent(t, p, to);
    return true;
  }

  private static int exponent(byte[] t, int e, int to) {
    if (e >= to || (t[e] | 0x20) != 'e') {
      return 0;
    }
    boolean minus = t[e + 1] == '-';
    int exponent = 0;
    for (int p = minus || t[e + 1] == '+' ? e + 2 : e + 1; p < to; p++) {
      if (t[p] < '0' || t[p] > '9') {
        break;
      }
      exponent = exponent < ENDLESS ? exponent * 10 + t[p] - '0' : exponent;
    }
    return minus ? -exponent : exponent;
  }

  /**
   * The shortest digits that read back as the double that a number was read as, as Python and Go
   * choose them.
   */
  void set(double value, byte[] t, int from, int to) {
    boolean isShort = read(t, from, to, DOUBLE_DIGITS);
    long writtenDigits = digits;
    int writtenPoint = point;
    set(value);
    rounded = !isShort || writtenDigits != digits || writtenPoint != point;
  }

  private void set(double value) {
    long multiple = Double.doubleToRawLongBits(value) & Long.MAX_VALUE;
    if (multiple > 0 && multiple < TINY) {
      negative = value < 0;
      setTiny(multiple);
    } else {
      String text = NumberOutput.toString(value, true);
      for (int i = 0; i < text.length(); i++) {
        java[i] = (byte) text.charAt(i);
      }
      read(java, 0, text.length(), DOUBLE_DIGITS);
    }
  }

  /**
   * For a small multiple of the smallest double. Java's definition takes the closer of one and two
   * digits, so it has 4.9E-324 where Python and Go print 5e-324.
   */
  private void setTiny(long multiple) {
    double low = (multiple - 0.5) * SMALLEST;
    double high = (multiple + 0.5) * SMALLEST;
    int zeros = 4;
    long unit = 10_000;
    do {
      zeros--;
      unit /= 10;
      digits = Math.round(multiple * SMALLEST / unit);
    } while (digits * unit <= low || digits * unit >= high);
    size = digits < 10 ? 1 : digits < 100 ? 2 : 3;
    point = size + zeros + SMALLEST_POINT;
  }

  /** All but the digits, in one int: with {@link #digits()} it makes the same number again. */
  int shape() {
    return (point << 6) | (size << 1) | (negative ? 1 : 0);
  }

  long digits() {
    return digits;
  }

  void restore(long savedDigits, int shape) {
    digits = savedDigits;
    point = shape >> 6;
    size = (shape >> 1) & 0x1f;
    negative = (shape & 1) != 0;
  }

  boolean isRounded() {
    return rounded;
  }

  /** Whether this is a whole number from 2^53 up, which is where doubles leave some out. */
  boolean isLargeInteger() {
    if (point < LARGE_POINT || point < size) {
      return false;
    }
    long value = digits;
    for (int i = size; i < LARGE_POINT; i++) {
      value *= 10;
    }
    return point > LARGE_POINT || value >= FIRST_LARGE;
  }

  /** Whether this stands in a text as {@link #python} prints it. */
  boolean isPython(byte[] t, int from, int to) {
    return isPrinted(python(printed, 0), t, from, to);
  }

  /** Whether this stands in a text as {@link #go} prints it. */
  boolean isGo(byte[] t, int from, int to) {
    return isPrinted(go(printed, 0), t, from, to);
  }

  private boolean isPrinted(int length, byte[] t, int from, int to) {
    return Arrays.equals(printed, 0, length, t, from, to);
  }

  /** Whether {@link #python} and {@link #go} print this alike. */
  boolean isPythonGo() {
    if (hasPythonExponent() != hasGoExponent()) {
      return false;
    }
    return hasGoExponent() ? Math.abs(point - 1) >= 10 : digits != 0 && point < size;
  }

  private boolean hasPythonExponent() {
    return digits != 0 && (point > 16 || point < -3);
  }

  private boolean hasGoExponent() {
    return digits != 0 && (point > 21 || point < -5);
  }

  /** Python's {@code repr}: an exponent of at least two digits from 1e16 up and below 1e-4. */
  int python(byte[] out, int o) {
    if (hasPythonExponent()) {
      return scientific(2, out, o);
    }
    int end = fixed(out, o);
    if (digits != 0 && point < size) {
      return end;
    }
    out[end] = '.';
    out[end + 1] = '0';
    return end + 2;
  }

  /** Go's {@code json.Marshal}: no {@code .0}; an exponent from 1e21 up and below 1e-6. */
  int go(byte[] out, int o) {
    return hasGoExponent() ? scientific(1, out, o) : fixed(out, o);
  }

  private int fixed(byte[] out, int o) {
    o = sign(out, o);
    if (digits == 0) {
      return zeros(1, out, o);
    }
    if (point >= size) {
      return zeros(point - size, out, digits(out, o));
    }
    if (point > 0) {
      return pointed(point, out, o);
    }
    out[o] = '0';
    out[o + 1] = '.';
    return digits(out, zeros(-point, out, o + 2));
  }

  private int scientific(int exponentDigits, byte[] out, int o) {
    o = sign(out, o);
    o = size == 1 ? digits(out, o) : pointed(1, out, o);
    int exponent = Math.abs(point - 1);
    out[o] = 'e';
    out[o + 1] = (byte) (point < 1 ? '-' : '+');
    o += 2;
    if (exponent >= 100) {
      out[o++] = (byte) ('0' + exponent / 100);
    }
    if (exponent >= 10 || exponentDigits > 1) {
      out[o++] = (byte) ('0' + exponent / 10 % 10);
    }
    out[o] = (byte) ('0' + exponent % 10);
    return o + 1;
  }

  private int sign(byte[] out, int o) {
    out[o] = '-';
    return negative ? o + 1 : o;
  }

  private static int zeros(int count, byte[] out, int o) {
    for (int i = 0; i < count; i++) {
      out[o++] = '0';
    }
    return o;
  }

  private int digits(byte[] out, int o) {
    long rest = digits;
    for (int i = o + size - 1; i >= o; i--) {
      out[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return o + size;
  }

  /** The digits with a point behind the first few. */
  private int pointed(int before, byte[] out, int o) {
    int end = digits(out, o + 1);
    System.arraycopy(out, o + 1, out, o, before);
    out[o + before] = '.';
    return end;
  }
}
