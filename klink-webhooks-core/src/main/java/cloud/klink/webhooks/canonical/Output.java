package cloud.klink.webhooks.canonical;

import java.util.Arrays;

/**
 * A growing array into which tokens of a text are printed in one dialect. Methods take the position
 * to print at and return the one behind.
 */
final class Output {
  /** The most that one code point takes: two escaped surrogates. */
  private static final int CODE_POINT = 12;

  private final Tokens tokens;
  private byte[] bytes = new byte[4_096];

  /** The features of the text that the dialect prints otherwise than {@link Dialect#KLINK}. */
  private int differing;

  Output(Tokens tokens) {
    this.tokens = tokens;
  }

  void start(int differing) {
    this.differing = differing;
    reserve(0, tokens.length);
  }

  byte[] toArray(int end) {
    return Arrays.copyOf(bytes, end);
  }

  int last(int o) {
    return bytes[o - 1];
  }

  int put(int c, int o) {
    reserve(o, 1);
    bytes[o] = (byte) c;
    return o + 1;
  }

  /** Prints a part of the text that stands as {@link Dialect#KLINK} has it, and a comma. */
  int slice(int from, int to, int o) {
    if (differing != 0) {
      return put(',', translate(from, to, o));
    }
    int size = to - from;
    reserve(o, size);
    Words.copy(tokens.text, from, bytes, o, size);
    bytes[o + size] = ',';
    return o + size + 1;
  }

  /** Prints a slice in a dialect that has other strings or numbers. */
  private int translate(int from, int to, int o) {
    byte[] t = tokens.text;
    for (int p = from; p < to; ) {
      int c = t[p];
      if (c == '"') {
        o = string(p + 1, o);
        p = tokens.string(p + 1);
        p = p < 0 ? ~p : p;
      } else if ((differing & Features.GO_NUMBER) != 0 && (c == '-' || (c >= '0' && c <= '9'))) {
        int end = tokens.numberEnd(p);
        tokens.readDecimal(p, end);
        o = decimal(o);
        p = end;
      } else {
        o = put(c, o);
        p++;
      }
    }
    return o;
  }

  /** Prints a string of the text, whose opening quote is before p. */
  int string(int p, int o) {
    byte[] t = tokens.text;
    o = put('"', o);
    while (t[p] != '"') {
      if (t[p] == '\\') {
        int c = Escapes.codePoint(tokens, p);
        o = codePoint(c, o);
        p += Escapes.length(t, p, c);
      } else {
        o = codePoint(Utf8.get(t, p), o);
        p += Utf8.length(t[p]);
      }
    }
    return put('"', o);
  }

  /** Prints a name from its content, which has no escapes. */
  int name(int from, int to, int o) {
    byte[] t = tokens.text;
    o = put('"', o);
    for (int p = from; p < to; p += Utf8.length(t[p])) {
      o = codePoint(Utf8.get(t, p), o);
    }
    return put('"', o);
  }

  private int codePoint(int c, int o) {
    reserve(o, CODE_POINT);
    return Escapes.put(c, differing, bytes, o);
  }

  /** Prints the decimal at hand, which does not stand as it must be printed where it starts. */
  int number(int start, int o) {
    if ((differing & Features.GO_NUMBER) == 0 && tokens.isInteger(start)) {
      return put('0', o);
    }
    return decimal(o);
  }

  private int decimal(int o) {
    reserve(o, Decimal.MAX_LENGTH);
    return (differing & Features.GO_NUMBER) != 0
        ? tokens.decimal.go(bytes, o)
        : tokens.decimal.python(bytes, o);
  }

  private void reserve(int o, int size) {
    if (bytes.length - o < size + Words.BLOCK) {
      bytes = Arrays.copyOf(bytes, Math.max(o + size + Words.BLOCK, bytes.length * 2));
    }
  }

  long footprint() {
    return bytes.length;
  }
}
