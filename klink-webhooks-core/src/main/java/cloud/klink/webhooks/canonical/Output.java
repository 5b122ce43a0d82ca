package cloud.klink.webhooks.canonical;

import java.util.Arrays;

/**
 * Prints tokens of a text in one dialect. What is printed collects in a buffer of bounded size,
 * which goes to a sink whenever it is full. Methods take the position in the buffer to print at and
 * return the one behind.
 */
final class Output {
  /** The largest buffer: a form that is no longer is at hand when it has been printed. */
  static final int MAX_BUFFER = 32 << 10;

  /** The most that one code point takes: two escaped surrogates. */
  private static final int CODE_POINT = 12;

  private final Tokens tokens;
  private byte[] bytes = new byte[4_096];
  private ByteSink sink = (from, offset, length) -> {};

  /** How many bytes the sink has taken. */
  private long written;

  /** The features of the text that the dialect prints otherwise than {@link Dialect#KLINK}. */
  private int differing;

  private NumberStyle numbers = NumberStyle.PYTHON;

  /** Whether numbers that Python prints as they stand are printed otherwise. */
  private boolean translatesNumbers;

  Output(Tokens tokens) {
    this.tokens = tokens;
  }

  /** The features of the text that a dialect prints otherwise than {@link Dialect#KLINK}. */
  static int differing(Dialect dialect, int features) {
    return features & (dialect.escaped | NumberStyle.PYTHON.differences(dialect.numbers));
  }

  void start(Dialect dialect, ByteSink to) {
    sink = to;
    written = 0;
    numbers = dialect.numbers;
    differing = differing(dialect, tokens.features);
    translatesNumbers = numbers == NumberStyle.GO && (differing & ~dialect.escaped) != 0;
  }

  /** Hands the rest to the sink; returns the length of all. */
  long finish(int end) {
    sink.write(bytes, 0, end);
    return written + end;
  }

  /** Whether all that was printed is still in the buffer. */
  boolean isBuffered() {
    return written == 0;
  }

  byte[] buffer() {
    return bytes;
  }

  int last(int o) {
    return bytes[o - 1];
  }

  int put(int c, int o) {
    o = reserve(o, 1);
    bytes[o] = (byte) c;
    return o + 1;
  }

  /** Prints a part of the text that stands as {@link Dialect#KLINK} has it, and a comma. */
  int slice(int from, int to, int o) {
    if (differing != 0) {
      return put(',', translate(from, to, o));
    }
    o = copy(from, to, o);
    bytes[o] = ',';
    return o + 1;
  }

  /** Prints a part of the text as it stands. Leaves room for one byte more. */
  int copy(int from, int to, int o) {
    int size = to - from;
    if (size > MAX_BUFFER / 2) {
      sink.write(bytes, 0, o);
      sink.write(tokens.text, from, size - 1);
      written += o + size - 1L;
      bytes[0] = tokens.text[to - 1];
      return 1;
    }
    o = reserve(o, size);
    Swar.copy(tokens.text, from, bytes, o, size);
    return o + size;
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
      } else if (translatesNumbers && (c == '-' || (c >= '0' && c <= '9'))) {
        int end = tokens.numberEnd(p);
        o = translatedNumber(p, end, o);
        p = end;
      } else {
        o = put(c, o);
        p++;
      }
    }
    return o;
  }

  /** Prints a token of the text that needs no more than translating. */
  int token(int from, int to, int o) {
    return differing == 0 ? copy(from, to, o) : translate(from, to, o);
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
    o = reserve(o, CODE_POINT);
    return Escapes.put(c, differing, bytes, o);
  }

  /** Prints the decimal at hand, which does not stand as it must be printed where it starts. */
  int number(int start, int o) {
    if (numbers == NumberStyle.WRITTEN) {
      return copy(start, tokens.numberEnd(start), o);
    }
    if (numbers == NumberStyle.PYTHON && tokens.isInteger(start)) {
      return put('0', o);
    }
    o = reserve(o, Decimal.MAX_LENGTH); // which may be another buffer
    return numbers == NumberStyle.GO
        ? tokens.decimal.go(bytes, o)
        : tokens.decimal.python(bytes, o);
  }

  private int translatedNumber(int from, int to, int o) {
    tokens.readDecimal(from, to);
    o = reserve(o, Decimal.MAX_LENGTH);
    return tokens.decimal.go(bytes, o);
  }

  /** Prints a number of the text that has been scanned, however it stands there. */
  int anyNumber(int from, int to, int o) {
    boolean isKept = numbers == NumberStyle.WRITTEN
        || (Numbers.isInteger(tokens.text, from, to)
            ? !tokens.isInteger(from) && (numbers == NumberStyle.PYTHON || to - from <= 15)
            : numbers == NumberStyle.PYTHON && tokens.isPlainDecimal(from, to));
    if (isKept) {
      return copy(from, to, o);
    }
    tokens.readDecimal(from, to);
    return number(from, o);
  }

  /** Makes room, handing all but the last byte to the sink if there is no other way. */
  private int reserve(int o, int size) {
    int needed = size + 1 + Swar.BLOCK;
    if (bytes.length - o >= needed) {
      return o;
    }
    if (bytes.length < MAX_BUFFER) {
      int length = Math.max(o + needed, bytes.length * 2);
      bytes = Arrays.copyOf(bytes, Math.min(length, MAX_BUFFER));
      return reserve(o, size);
    }
    sink.write(bytes, 0, o - 1);
    written += o - 1L;
    bytes[0] = bytes[o - 1];
    return 1;
  }

  long footprint() {
    return bytes.length;
  }
}
