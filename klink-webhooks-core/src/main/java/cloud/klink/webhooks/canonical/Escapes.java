package cloud.klink.webhooks.canonical;

/** The escapes of JSON strings (RFC 8259, section 7), read and written. */
final class Escapes {
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  private Escapes() {}

  /** What a letter behind a backslash stands for, or -1 if it stands for nothing. */
  static int ofLetter(int letter) {
    return switch (letter) {
      case '"', '\\', '/' -> letter;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> -1;
    };
  }

  /** The letter that must stand behind a backslash for a code point, or -1 if there is none. */
  private static int letterOf(int codePoint) {
    return switch (codePoint) {
      case '"', '\\' -> codePoint;
      case '\b' -> 'b';
      case '\f' -> 'f';
      case '\n' -> 'n';
      case '\r' -> 'r';
      case '\t' -> 't';
      default -> -1;
    };
  }

  /** Reads the escape at p, a surrogate pair as one. */
  static int codePoint(Tokens tokens, int p) {
    byte[] t = tokens.text;
    if (t[p + 1] != 'u') {
      return ofLetter(t[p + 1]);
    }
    int unit = hex4(tokens, p);
    if (unit < 0xd800 || unit > 0xdfff) {
      return unit;
    }
    if (unit < 0xdc00 && t[p + 6] == '\\' && t[p + 7] == 'u') {
      int low = hex4(tokens, p + 6);
      if (low >= 0xdc00 && low <= 0xdfff) {
        return Character.toCodePoint((char) unit, (char) low);
      }
    }
    throw tokens.error(p, "an escaped surrogate must be half of a pair, the high one first");
  }

  private static int hex4(Tokens tokens, int p) {
    int unit = 0;
    for (int i = p + 2; i < p + 6; i++) {
      int c = tokens.text[i];
      int digit = c >= 0 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw tokens.error(i, "four hex digits must follow \\u");
      }
      unit = (unit << 4) | digit;
    }
    return unit;
  }

  /** The length of the escape at p, which stands for that code point. */
  static int length(byte[] t, int p, int codePoint) {
    return t[p + 1] != 'u' ? 2 : codePoint > 0xffff ? 12 : 6;
  }

  /** Whether a {@code \\u} escape is how its code point is printed in every dialect. */
  static boolean isShortest(byte[] t, int p, int codePoint) {
    return codePoint < ' '
        && letterOf(codePoint) < 0
        && t[p + 5] == HEX[codePoint & 15]; // the third digit, 0 or 1, has no case
  }

  /** Prints a code point as a dialect with these features has it: at most 12 bytes. */
  static int put(int codePoint, int dialectFeatures, byte[] out, int o) {
    if (codePoint < ' ' || codePoint == '"' || codePoint == '\\') {
      int letter = letterOf(codePoint);
      if (letter < 0) {
        return putUnit(codePoint, out, o);
      }
      out[o] = '\\';
      out[o + 1] = (byte) letter;
      return o + 2;
    }
    if ((Features.of(codePoint) & dialectFeatures) == 0) {
      return Utf8.put(codePoint, out, o);
    }
    if (codePoint > 0xffff) {
      o = putUnit(Character.highSurrogate(codePoint), out, o);
      return putUnit(Character.lowSurrogate(codePoint), out, o);
    }
    return putUnit(codePoint, out, o);
  }

  private static int putUnit(int unit, byte[] out, int o) {
    out[o] = '\\';
    out[o + 1] = 'u';
    out[o + 2] = HEX[unit >> 12];
    out[o + 3] = HEX[(unit >> 8) & 15];
    out[o + 4] = HEX[(unit >> 4) & 15];
    out[o + 5] = HEX[unit & 15];
    return o + 6;
  }
}
