package cloud.klink.webhooks.canonical;

import cloud.klink.webhooks.MalformedException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The leaves of JSON: finds where a string, number or literal ends, checks it, and tells whether
 * its bytes are canonical as they stand.
 *
 * <p>It works on a private copy of the body with zero bytes behind it, so the end of the input
 * needs no test of its own: a zero is never allowed. Methods take and return positions; a negative
 * result {@code ~end} means that the token must be printed anew.
 */
final class Tokens {
  static final int MAX_NUMBER_LENGTH = 1_000;

  /** An integer of that many characters is the same in every dialect, but for {@code -0}. */
  private static final int EXACT_DIGITS = 15;

  /** Zero bytes behind the body: eight end every scan, the rest lets copies run over. */
  static final int PADDING = Swar.BLOCK;

  /** Room for unescaped names behind any body. */
  private static final int NAMES = 1_024;

  /** The text does not grow beyond this for names; a longer body's are not all unescaped. */
  private static final int MAX_GROWN = 48 << 10;

  /** The body, zeros, then the names that had to be unescaped. */
  byte[] text = new byte[4_096];

  /** The length of the body. */
  int length;

  /** Where the next unescaped name goes. */
  private int namesEnd;

  /**
   * What tells dialects apart, of all that was scanned, but for what {@link Features#unescaped}
   * finds.
   */
  int features;

  /** Where the first bytes stand that are not UTF-8. */
  private int malformed;

  private final StringIndex index = new StringIndex();

  /** Whether the string for which {@link #string} was negative stands as it must be printed. */
  boolean escapesCanonical;

  /** The number for which {@link #number} was negative. */
  final Decimal decimal = new Decimal();

  void load(byte[] body) {
    reserve(body.length);
    System.arraycopy(body, 0, text, 0, length);
    prepare();
  }

  void load(ByteBuffer body) {
    reserve(body.remaining());
    body.get(body.position(), text, 0, length);
    prepare();
  }

  private void reserve(int size) {
    length = size;
    namesEnd = size + PADDING;
    if (text.length < namesEnd) {
      text = new byte[namesEnd + NAMES];
    }
  }

  private void prepare() {
    Arrays.fill(text, length, namesEnd, (byte) 0);
    boolean isAscii = index.fill(text, length);
    malformed = isAscii ? Integer.MAX_VALUE : Utf8Validator.firstMalformed(text, length);
    features = 0;
  }

  /** Drops what is behind a position, once all tokens have been moved before it. */
  void truncate(int end) {
    length = end;
    text[end] = 0;
  }

  int skipSpace(int p) {
    byte[] t = text;
    if (t[p] > ' ') {
      return p;
    }
    long others = Swar.notSpace(Swar.get(t, p));
    while (others == 0) {
      p += Swar.BYTES;
      others = Swar.notSpace(Swar.get(t, p));
    }
    return p + (Long.numberOfTrailingZeros(others) >>> 3);
  }

  /**
   * Scans a string, whose opening quote is before p, where it was loaded; negative if it has an
   * escape.
   */
  int loadedString(int p) {
    int stop = index.next(p);
    return text[stop] == '"' && stop < malformed ? stop + 1 : ~escaped(checked(stop));
  }

  /** The bits of the bytes from p on, where they were loaded, at which a string may end. */
  long stops(int p) {
    return index.bits(p);
  }

  /**
   * Where a name's closing quote is, if the name is short, has no escape and starts at p, and a
   * colon is next to it; else -1.
   */
  int plainName(int p, long stops) {
    if (stops == 0 || text[p - 1] != '"') {
      return -1;
    }
    int stop = p + Long.numberOfTrailingZeros(stops);
    return text[stop] == '"' && text[stop + 1] == ':' && stop < malformed ? stop : -1;
  }

  /**
   * Where a value ends that is a string without escapes, a short integer or a literal; -1 if it is
   * none of them. A short string's end is among the stops that its name was found by, so that one
   * load does for both: each other would have to wait for the one before.
   *
   * @param name where the name starts that is before the value
   * @param stops the bits from there on
   */
  int plainLeaf(int p, int name, long stops) {
    int c = text[p];
    if (c == '"') {
      long opening = stops & (stops - 1);
      long closing = opening & (opening - 1);
      boolean isKnown = closing != 0 && name + Long.numberOfTrailingZeros(opening) == p;
      int stop = isKnown ? name + Long.numberOfTrailingZeros(closing) : index.next(p + 1);
      return text[stop] == '"' && stop < malformed ? stop + 1 : -1;
    }
    if (c >= '0' && c <= '9') {
      int end = digits(p);
      return end - p <= EXACT_DIGITS && (c != '0' || end == p + 1) ? end : -1;
    }
    return Literals.end(text, p);
  }

  /** The same as {@link #loadedString} for a string that may have been moved. */
  int string(int p) {
    int stop = plain(p);
    return text[stop] == '"' ? stop + 1 : ~escaped(stop);
  }

  /** Finds the next quote or backslash, eight bytes at a time. */
  private int plain(int p) {
    byte[] t = text;
    long stops = Swar.stops(Swar.get(t, p));
    while (stops == 0) {
      p += Swar.BYTES;
      stops = Swar.stops(Swar.get(t, p));
    }
    return checked(p + (Long.numberOfTrailingZeros(stops) >>> 3));
  }

  private int checked(int stop) {
    if (stop > malformed) {
      throw error(
          malformed, "a string must be UTF-8 (RFC 3629), without surrogates and overlong forms");
    }
    if (text[stop] != '"' && text[stop] != '\\') {
      throw error(stop, "a string must be closed, and a control character in it escaped");
    }
    return stop;
  }

  /** Goes on behind the first backslash of a string. */
  private int escaped(int p) {
    boolean canonical = true;
    while (text[p] == '\\') {
      int letter = text[p + 1];
      if (letter == 'u') {
        int c = Escapes.codePoint(this, p);
        features |= Features.of(c);
        int end = p + (c > 0xffff ? 12 : 6);
        canonical &= Escapes.isShortest(text, p, c);
        p = end;
      } else {
        if (Escapes.ofLetter(letter) < 0) {
          throw error(p, "after a backslash in a string, only \" \\ / b f n r t u");
        }
        canonical &= letter != '/';
        p += 2;
      }
      p = plain(p);
    }
    escapesCanonical = canonical;
    return p + 1;
  }

  /**
   * Unescapes a string's content behind the body, where names that need it are kept, and returns
   * where it starts; it ends where the next one will start, at {@link #namesEnd()}.
   */
  int unescape(int from, int to) {
    int at = namesEnd;
    int needed = at + to - from + PADDING;
    if (text.length < needed) {
      if (needed > MAX_GROWN) {
        throw new TapeFullException();
      }
      text = Arrays.copyOf(text, Math.max(needed, Math.min(text.length * 2, MAX_GROWN)));
    }
    byte[] t = text;
    int o = at;
    for (int p = from; p < to; ) {
      if (t[p] != '\\') {
        t[o++] = t[p++];
      } else {
        int c = Escapes.codePoint(this, p);
        p += Escapes.length(t, p, c);
        o = Utf8.put(c, t, o);
      }
    }
    namesEnd = o;
    return at;
  }

  int namesEnd() {
    return namesEnd;
  }

  /** The first eight bytes of a name, as an unsigned number that sorts as they do. */
  long prefix(int from, int to) {
    long word = Long.reverseBytes(Swar.get(text, from));
    int size = to - from;
    return size >= Swar.BYTES ? word : word & ~(-1L >>> (size << 3));
  }

  int compare(int from, int to, int otherFrom, int otherTo) {
    return Arrays.compareUnsigned(text, from, to, text, otherFrom, otherTo);
  }

  int literal(int p) {
    int end = Literals.end(text, p);
    if (end < 0) {
      throw error(
          p, "a value must start here: an object, array, string, number, true, false, null");
    }
    return end;
  }

  /** Scans a number; negative if it must be printed anew, and then {@link #decimal} holds it. */
  int number(int start) {
    byte[] t = text;
    int p = t[start] == '-' ? start + 1 : start;
    int first = t[p] - '0';
    if (first < 0 || first > 9) {
      throw error(p, "a digit must follow the minus sign");
    }
    p = digits(p);
    if (first == 0 && p - start > 1 + (t[start] == '-' ? 1 : 0)) {
      throw error(start, "a number must not start with a zero before another digit");
    }
    if (t[p] == '.' || (t[p] | 0x20) == 'e') {
      return fraction(start, p);
    }
    if (p - start > EXACT_DIGITS) {
      checkLength(start, p);
      features |= Numbers.featuresOfLargeInteger(t, start, p, decimal);
    } else if (first == 0 && t[start] == '-') {
      features |= Features.PYTHON_IS_NOT_GO | Features.PYTHON_IS_NOT_WRITTEN;
      readDecimal(start, p);
      return ~p;
    }
    return p;
  }

  private int fraction(int start, int point) {
    byte[] t = text;
    int p = point;
    int afterPoint = point + 1;
    if (t[p] == '.') {
      p = digits(afterPoint);
      if (p == afterPoint) {
        throw error(p, "a digit must follow the decimal point");
      }
    }
    boolean exponent = (t[p] | 0x20) == 'e';
    if (exponent) {
      int from = t[p + 1] == '+' || t[p + 1] == '-' ? p + 2 : p + 1;
      p = digits(from);
      if (p == from) {
        throw error(p, "a digit must follow the exponent");
      }
    } else if (Numbers.isPlainDecimal(t, start, point, p)) {
      if (t[p - 1] == '0') {
        features |= Features.PYTHON_IS_NOT_GO | Features.GO_IS_NOT_WRITTEN;
      }
      return p;
    }
    checkLength(start, p);
    if (!readDecimal(start, p)) {
      throw error(start, "a number with a point or exponent must be in the range of doubles");
    }
    features |= (decimal.isRounded() ? Features.ROUNDED : 0)
        | (decimal.isLargeInteger() ? Features.LARGE_INTEGER : 0)
        | (decimal.isPythonGo() ? 0 : Features.PYTHON_IS_NOT_GO)
        | (decimal.isGo(t, start, p) ? 0 : Features.GO_IS_NOT_WRITTEN);
    if (decimal.isPython(t, start, p)) {
      return p;
    }
    features |= Features.PYTHON_IS_NOT_WRITTEN;
    return ~p;
  }

  /** Fills {@link #decimal} with the double that a number reads as; false if that is infinite. */
  boolean readDecimal(int start, int end) {
    if (decimal.read(text, start, end)) {
      return true;
    }
    double value = Numbers.parse(text, start, end, decimal.buffer);
    if (Double.isInfinite(value)) {
      return false;
    }
    decimal.set(value, text, start, end);
    return true;
  }

  /** Whether a number with a point or an exponent surely stands as Python prints it. */
  boolean isPlainDecimal(int start, int end) {
    int p = digits(text[start] == '-' ? start + 1 : start);
    return text[p] == '.' && digits(p + 1) == end && Numbers.isPlainDecimal(text, start, p, end);
  }

  /** Whether a number that must be printed anew is an integer; {@code -0} is the only one. */
  boolean isInteger(int start) {
    return text[start] == '-'
        && text[start + 1] == '0'
        && text[start + 2] != '.'
        && (text[start + 2] | 0x20) != 'e';
  }

  /** Where a number ends that has been scanned before. */
  int numberEnd(int p) {
    byte[] t = text;
    while ((t[p] >= '0' && t[p] <= '9')
        || t[p] == '.'
        || t[p] == '-'
        || t[p] == '+'
        || (t[p] | 0x20) == 'e') {
      p++;
    }
    return p;
  }

  private int digits(int p) {
    byte[] t = text;
    while (t[p] >= '0' && t[p] <= '9') {
      p++;
    }
    return p;
  }

  private static void checkLength(int start, int end) {
    if (end - start > MAX_NUMBER_LENGTH) {
      throw Malformed.body(
          start, "a number must have at most " + MAX_NUMBER_LENGTH + " characters");
    }
  }

  MalformedException error(int p, String rule) {
    return p < length
        ? Malformed.body(p, rule)
        : Malformed.body(length, "the body ends inside a JSON value");
  }

  /** The bytes that this object holds on to. */
  long footprint() {
    return (long) text.length + index.footprint();
  }
}
