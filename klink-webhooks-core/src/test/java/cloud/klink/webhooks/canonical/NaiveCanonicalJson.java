package cloud.klink.webhooks.canonical;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The rules of CANONICAL.md, section "BODY", written down as plainly as possible: a tree of Java
 * objects, strings, recursion, no care for speed. It shares no code with the writer that it checks.
 */
final class NaiveCanonicalJson {
  private static final int MAX_DEPTH = 1_000;
  private static final int MAX_NUMBER = 1_000;

  private final String text;
  private int at;

  private NaiveCanonicalJson(String text) {
    this.text = text;
  }

  /** Some rule of CANONICAL.md forbids the body. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String why) {
      super(why, null, false, false);
    }
  }

  /** A number as it stands in the text. */
  private record NumberText(String text) {}

  /** The canonical form in the dialect of that id, or empty if it must be refused. */
  static Optional<String> canonical(byte[] body, String dialect) {
    if (body.length == 0) {
      return Optional.of("");
    }
    try {
      NaiveCanonicalJson reader = new NaiveCanonicalJson(decode(body));
      Object value = reader.value(1);
      reader.space();
      if (reader.at < reader.text.length()) {
        throw new Refused("trailing");
      }
      StringBuilder out = new StringBuilder();
      print(value, dialect, out);
      return Optional.of(out.toString());
    } catch (Refused e) {
      return Optional.empty();
    }
  }

  private static String decode(byte[] body) throws Refused {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw new Refused("not UTF-8");
    }
  }

  // Reading

  private Object value(int depth) throws Refused {
    space();
    char c = peek();
    if (c == '{' || c == '[') {
      if (depth > MAX_DEPTH) {
        throw new Refused("too deep");
      }
      return c == '{' ? object(depth) : array(depth);
    }
    if (c == '"') {
      return string();
    }
    if (c == '-' || (c >= '0' && c <= '9')) {
      return number();
    }
    for (String literal : List.of("true", "false", "null")) {
      if (text.startsWith(literal, at)) {
        at += literal.length();
        return literal.toCharArray();
      }
    }
    throw new Refused("no value");
  }

  private Map<String, Object> object(int depth) throws Refused {
    Map<String, Object> members = new TreeMap<>(
        (a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray()));
    expect('{');
    space();
    if (peek() == '}') {
      expect('}');
      return members;
    }
    while (true) {
      space();
      String name = string();
      space();
      expect(':');
      Object value = value(depth + 1);
      if (members.containsKey(name)) {
        throw new Refused("duplicate");
      }
      members.put(name, value);
      space();
      if (peek() == '}') {
        expect('}');
        return members;
      }
      expect(',');
    }
  }

  private List<Object> array(int depth) throws Refused {
    List<Object> elements = new ArrayList<>();
    expect('[');
    space();
    if (peek() == ']') {
      expect(']');
      return elements;
    }
    while (true) {
      elements.add(value(depth + 1));
      space();
      if (peek() == ']') {
        expect(']');
        return elements;
      }
      expect(',');
    }
  }

  private String string() throws Refused {
    expect('"');
    StringBuilder content = new StringBuilder();
    while (peek() != '"') {
      char c = next();
      if (c < 0x20) {
        throw new Refused("raw control character");
      }
      content.append(c == '\\' ? escape() : c);
    }
    expect('"');
    for (int i = 0; i < content.length(); i++) {
      char c = content.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < content.length()
          && Character.isLowSurrogate(content.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw new Refused("lone surrogate");
      }
    }
    return content.toString();
  }

  private char escape() throws Refused {
    char c = next();
    int simple = "\"\\/bfnrt".indexOf(c);
    if (simple >= 0) {
      return "\"\\/\b\f\n\r\t".charAt(simple);
    }
    if (c != 'u') {
      throw new Refused("unknown escape");
    }
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      int digit = "0123456789abcdef".indexOf(Character.toLowerCase(asciiOnly(next())));
      if (digit < 0) {
        throw new Refused("no hex digit");
      }
      unit = unit * 16 + digit;
    }
    return (char) unit;
  }

  private static char asciiOnly(char c) throws Refused {
    if (c > 0x7f) {
      throw new Refused("not ASCII");
    }
    return c;
  }

  private NumberText number() throws Refused {
    int from = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String number = text.substring(from, at);
    if (!number.matches("-?(0|[1-9][0-9]*+)(\\.[0-9]++)?([eE][+-]?[0-9]++)?")) {
      throw new Refused("no number");
    }
    if (number.length() > MAX_NUMBER) {
      throw new Refused("long number");
    }
    if (!isInteger(number) && Double.isInfinite(Double.parseDouble(number))) {
      throw new Refused("overflow");
    }
    return new NumberText(number);
  }

  private static boolean isInteger(String number) {
    return number.matches("-?[0-9]+");
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() throws Refused {
    if (at == text.length()) {
      throw new Refused("end");
    }
    return text.charAt(at);
  }

  private char next() throws Refused {
    char c = peek();
    at++;
    return c;
  }

  private void expect(char c) throws Refused {
    if (next() != c) {
      throw new Refused("expected " + c);
    }
  }

  // Printing

  private static void print(Object value, String dialect, StringBuilder out) throws Refused {
    if (value instanceof Map<?, ?> members) {
      String separator = "{";
      for (Map.Entry<?, ?> member : members.entrySet()) {
        out.append(separator);
        string((String) member.getKey(), dialect, out);
        out.append(':');
        print(member.getValue(), dialect, out);
        separator = ",";
      }
      out.append(members.isEmpty() ? "{}" : "}");
    } else if (value instanceof List<?> elements) {
      String separator = "[";
      for (Object element : elements) {
        out.append(separator);
        print(element, dialect, out);
        separator = ",";
      }
      out.append(elements.isEmpty() ? "[]" : "]");
    } else if (value instanceof String string) {
      string(string, dialect, out);
    } else if (value instanceof NumberText number) {
      out.append(number(number.text(), dialect));
    } else {
      out.append((char[]) value);
    }
  }

  private static void string(String content, String dialect, StringBuilder out) {
    out.append('"');
    content.codePoints().forEach(c -> out.append(character(c, dialect)));
    out.append('"');
  }

  private static String character(int c, String dialect) {
    int simple = "\"\\\b\f\n\r\t".indexOf(c);
    if (simple >= 0) {
      return "\\" + "\"\\bfnrt".charAt(simple);
    }
    boolean escaped = c < 0x20
        || (dialect.equals("python-ascii") && c >= 0x7f)
        || (dialect.startsWith("go") && (c == 0x2028 || c == 0x2029 || "<>&".indexOf(c) >= 0));
    if (!escaped) {
      return Character.toString(c);
    }
    StringBuilder units = new StringBuilder();
    for (char unit : Character.toChars(c)) {
      units.append("\\u").append(HexFormat.of().toHexDigits(unit));
    }
    return units.toString();
  }

  private static String number(String text, String dialect) throws Refused {
    if (dialect.equals("go-number")) {
      return text;
    }
    if (dialect.equals("go")) {
      double value = Double.parseDouble(text);
      if (Double.isInfinite(value)) {
        throw new Refused("no go form");
      }
      return go(value);
    }
    if (isInteger(text)) {
      return text.equals("-0") ? "0" : text;
    }
    return python(Double.parseDouble(text));
  }

  /** What Python's {@code repr} prints. */
  static String python(double value) {
    if (value == 0) {
      return isNegative(value) ? "-0.0" : "0.0";
    }
    double magnitude = Math.abs(value);
    if (magnitude < 1e-4 || magnitude >= 1e16) {
      return sign(value) + exponential(magnitude, "%+03d");
    }
    String plain = shortest(magnitude).toPlainString();
    return sign(value) + (plain.contains(".") ? plain : plain + ".0");
  }

  /** What Go's {@code json.Marshal} prints. */
  static String go(double value) {
    if (value == 0) {
      return isNegative(value) ? "-0" : "0";
    }
    double magnitude = Math.abs(value);
    if (magnitude < 1e-6 || magnitude >= 1e21) {
      return sign(value) + exponential(magnitude, "%+d");
    }
    return sign(value) + shortest(magnitude).toPlainString();
  }

  private static boolean isNegative(double value) {
    return Double.toString(value).startsWith("-");
  }

  private static String sign(double value) {
    return isNegative(value) ? "-" : "";
  }

  private static String exponential(double magnitude, String exponentFormat) {
    BigDecimal decimal = shortest(magnitude);
    String digits = decimal.unscaledValue().toString();
    int exponent = digits.length() - 1 - decimal.scale();
    String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
    return digits.charAt(0) + fraction + "e" + String.format(exponentFormat, exponent);
  }

  /**
   * The decimal of the fewest digits that reads back as this double; of several the closest, of two
   * as close the even one. Found by trying.
   */
  private static BigDecimal shortest(double magnitude) {
    BigDecimal exact = new BigDecimal(magnitude);
    // What fewer digits can say, more can: if 15 are too few, 14 need not be tried.
    BigDecimal of15 = exact.round(new MathContext(15));
    int least = Double.parseDouble(of15.toString()) == magnitude ? 1 : 15;
    for (int precision = least; precision <= 17; precision++) {
      BigDecimal best = null;
      // The nearest comes first, so another of the same distance does not replace it.
      for (RoundingMode mode :
          List.of(RoundingMode.HALF_EVEN, RoundingMode.FLOOR, RoundingMode.CEILING)) {
        BigDecimal rounded = exact.round(new MathContext(precision, mode));
        if (Double.parseDouble(rounded.toString()) == magnitude
            && (best == null || distance(rounded, exact).compareTo(distance(best, exact)) < 0)) {
          best = rounded;
        }
      }
      if (best != null) {
        return best.stripTrailingZeros();
      }
    }
    throw new AssertionError("17 digits are enough for any double");
  }

  private static BigDecimal distance(BigDecimal a, BigDecimal b) {
    return a.subtract(b).abs();
  }
}
