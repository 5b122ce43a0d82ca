package cloud.klink.webhooks.canonical;

import com.fasterxml.jackson.core.io.NumberInput;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** How JSON numbers read as doubles, and what of them dialects print otherwise. */
final class Numbers {
  /** From here up a double stands for several integers. */
  private static final long INEXACT = 1L << 53;

  /** No shortest form of a double has more digits, but for zeros at its end. */
  private static final int MAX_SIGNIFICANT = 17;

  /** Go prints integers of more digits with an exponent. */
  private static final int MAX_GO_FIXED = 21;

  private static final @Nullable MethodHandle PARSE_BUFFER = parseBuffer();

  private Numbers() {}

  /** Reads a number that is no longer than the buffer, which saves making a text of each. */
  static double parse(byte[] t, int from, int to, char[] buffer) {
    int size = to - from;
    for (int i = 0; i < size; i++) {
      buffer[i] = (char) t[from + i];
    }
    if (PARSE_BUFFER == null) {
      return NumberInput.parseDouble(new String(buffer, 0, size), true);
    }
    try {
      return (double) PARSE_BUFFER.invokeExact(buffer, 0, size, true);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("A number could not be read", e);
    }
  }

  /** Jackson reads numbers from a buffer since 2.18; before, a text must be made of each. */
  private static @Nullable MethodHandle parseBuffer() {
    try {
      return MethodHandles.lookup()
          .findStatic(
              NumberInput.class,
              "parseDouble",
              MethodType.methodType(
                  double.class, char[].class, int.class, int.class, boolean.class));
    } catch (NoSuchMethodException e) {
      return null;
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("Jackson hides how it reads numbers", e);
    }
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

  /** Whether a number has neither a point nor an exponent. */
  static boolean isInteger(byte[] t, int start, int end) {
    for (int p = start + 1; p < end; p++) {
      if (t[p] < '0' || t[p] > '9') {
        return false;
      }
    }
    return true;
  }

  /** For an integer of 16 characters or more: what a double makes of it. */
  static int featuresOfLargeInteger(byte[] t, int start, int end, Decimal decimal) {
    int first = t[start] == '-' ? start + 1 : start;
    int digits = end - first;
    if (digits < 16 || (digits == 16 && isExact(t, first, end))) {
      return 0;
    }
    int differs = Features.LARGE_INTEGER | Features.PYTHON_IS_NOT_GO | Features.GO_IS_NOT_WRITTEN;
    if (digits > 309) {
      return differs | Features.NO_GO_FORM;
    }
    if (digits == 309 && Double.isInfinite(parse(t, start, end, decimal.buffer))) {
      return differs | Features.NO_GO_FORM;
    }
    if (significant(t, first, end) > MAX_SIGNIFICANT || digits > MAX_GO_FIXED) {
      return differs;
    }
    decimal.set(parse(t, start, end, decimal.buffer), t, start, end);
    return decimal.isGo(t, start, end) ? Features.LARGE_INTEGER : differs;
  }

  private static boolean isExact(byte[] t, int from, int to) {
    long value = 0;
    for (int p = from; p < to; p++) {
      value = value * 10 + t[p] - '0';
    }
    return value < INEXACT;
  }

  private static int significant(byte[] t, int first, int end) {
    int last = end;
    while (t[last - 1] == '0') {
      last--;
    }
    return last - first;
  }
}
