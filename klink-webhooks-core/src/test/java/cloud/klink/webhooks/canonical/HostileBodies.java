package cloud.klink.webhooks.canonical;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;

/** Bodies that are made to cost as much as they can. */
final class HostileBodies {
  private HostileBodies() {}

  static Map<String, byte[]> all() {
    Map<String, byte[]> bodies = new LinkedHashMap<>();
    Random random = new Random(1);
    bodies.put(
        "100,000 members in reverse order", members(i -> String.format("%06d", 100_000 - i)));
    bodies.put(
        "100,000 members of one prefix",
        members(i -> String.format("customer-of-k-link-%06d", 100_000 - i)));
    bodies.put("100,000 members at random", members(i -> i + "-" + random.nextInt()));
    bodies.put("100,000 escaped names", members(i -> String.format("\\u0061\\n%06d", 100_000 - i)));
    bodies.put(
        "2,000 names of 500 bytes", object(2_000, i -> "n".repeat(494) + (100_000 + 2_000 - i)));
    bodies.put(
        "objects of 25 members",
        repeated(2_000, i -> text(object(25, j -> "" + (char) ('z' - j)))));
    bodies.put("objects of 2 members", repeated(60_000, i -> "{\"b\":1,\"a\":2}"));
    bodies.put("escapes of one letter", string("\\n"));
    bodies.put("escapes to be dropped", string("\\/"));
    bodies.put("escapes of four digits", string("\\u00e9"));
    bodies.put("escaped surrogate pairs", string("\\ud83d\\ude00"));
    bodies.put("controls", string("\\u0001"));
    bodies.put("escape and letter", string("\\u0041b"));
    bodies.put("<>&", string("<>&"));
    bodies.put("U+2028", string("\u2028"));
    bodies.put("U+007F", string("\u007f"));
    bodies.put("Khmer", string("សុខ"));
    bodies.put("emoji", string("😀"));
    bodies.put("é and a letter", string("éa"));
    bodies.put("empty strings", repeated(300_000, i -> "\"\""));
    bodies.put("1,000 levels of arrays", repeated(400, i -> "[".repeat(998) + "]".repeat(998)));
    bodies.put("1,000 levels with spaces", repeated(400, i -> "[ ".repeat(998) + "]".repeat(998)));
    bodies.put(
        "1,000 levels of objects",
        repeated(150, i -> "{\"b\":".repeat(998) + "1" + "}".repeat(998)));
    bodies.put(
        "1,000 unsorted levels",
        repeated(50, i -> "{\"b\":0,\"a\":".repeat(998) + "1" + "}".repeat(998)));
    bodies.put("[ ]", repeated(300_000, i -> "[ ]"));
    bodies.put("{ }", repeated(300_000, i -> "{ }"));
    bodies.put("[]", repeated(300_000, i -> "[]"));
    bodies.put("[ 0 ]", repeated(200_000, i -> "[ 0 ]"));
    bodies.put("one digit and a space", repeated(300_000, i -> "0 "));
    bodies.put("minus zeros", repeated(300_000, i -> "-0"));
    bodies.put("1e20", repeated(200_000, i -> "1e20"));
    bodies.put("1e-310", repeated(150_000, i -> "1e-310"));
    bodies.put("[[],[],", repeated(300_000, i -> "[]"));
    bodies.put("objects of one empty name", repeated(150_000, i -> "{\"\":0}"));
    bodies.put("objects of two members and spaces", repeated(60_000, i -> "{\"b\":1 ,\"a\":2}"));
    bodies.put(
        "large unsorted objects and spaces",
        repeated(
            100, i -> text(object(600, j -> Integer.toString(999 - j, 36))).replace(",", " , ")));
    bodies.put("colons in a string", string("::::"));
    bodies.put("1,000 unsorted levels of large objects", nested());
    bodies.put("1e15", repeated(200_000, i -> "1e15"));
    bodies.put("1e308", repeated(160_000, i -> "1e308"));
    bodies.put("5e-324", repeated(140_000, i -> "5e-324"));
    bodies.put("3E-310", repeated(140_000, i -> "3E-310"));
    bodies.put("1e-999", repeated(140_000, i -> "1e-999"));
    bodies.put("1e5", repeated(200_000, i -> "1e" + i % 10));
    bodies.put("0.0", repeated(200_000, i -> "0.0"));
    bodies.put("1.00", repeated(200_000, i -> "1.00"));
    bodies.put("random doubles", repeated(40_000, i -> Double.toString(finite(random))));
    bodies.put("integers of 17 digits", repeated(50_000, i -> digits(17, random)));
    bodies.put("integers of 309 digits", repeated(3_000, i -> "1" + digits(308, random)));
    bodies.put("integers of 1,000 digits", repeated(1_000, i -> digits(1_000, random)));
    bodies.put("fractions of 1,000 digits", repeated(1_000, i -> "0." + digits(998, random)));
    bodies.put("long numbers with exponents", repeated(1_000, i -> digits(995, random) + "e-700"));
    bodies.put("exact halves of doubles", repeated(1_000, i -> half(random, 0)));
    bodies.put("exact halves of small doubles", repeated(1_000, i -> half(random, 40)));
    bodies.put("halves of 40 digits", repeated(20_000, i -> shortHalf(random)));
    bodies.put(
        "1e-300 at length", repeated(3_000, i -> "0." + "0".repeat(300) + digits(17, random)));
    return bodies;
  }

  private static byte[] nested() {
    String inner = text(members(i -> String.format("%05d", 99_999 - i)));
    return ("{\"b\":0 ,\"a\":".repeat(998) + inner + "}".repeat(998)).getBytes(UTF_8);
  }

  /** Half way between two neighbours, so that every digit counts; at most 1,000 characters. */
  private static String half(Random random, int smaller) {
    double low = Math.scalb(1 + random.nextDouble(), -600 - smaller + random.nextInt(20));
    BigDecimal half =
        new BigDecimal(low).add(new BigDecimal(Math.nextUp(low))).divide(BigDecimal.valueOf(2));
    String digits = half.unscaledValue().toString();
    return digits + "e-" + half.scale();
  }

  private static String shortHalf(Random random) {
    double low = 1 + random.nextDouble();
    BigDecimal half =
        new BigDecimal(low).add(new BigDecimal(Math.nextUp(low))).divide(BigDecimal.valueOf(2));
    return half.toPlainString();
  }

  private static double finite(Random random) {
    double value = Double.longBitsToDouble(random.nextLong());
    return Double.isFinite(value) ? value : 0.1;
  }

  private static String digits(int count, Random random) {
    StringBuilder digits = new StringBuilder(count).append(1 + random.nextInt(9));
    while (digits.length() < count) {
      digits.append(random.nextInt(10));
    }
    return digits.toString();
  }

  private static byte[] members(IntFunction<String> name) {
    return object(100_000, name);
  }

  private static byte[] object(int count, IntFunction<String> name) {
    StringBuilder json = new StringBuilder("{");
    for (int i = 0; i < count; i++) {
      json.append(i == 0 ? "\"" : ",\"").append(name.apply(i)).append("\":").append(i);
    }
    return json.append('}').toString().getBytes(UTF_8);
  }

  private static byte[] repeated(int count, IntFunction<String> value) {
    StringBuilder json = new StringBuilder("[");
    for (int i = 0; i < count; i++) {
      json.append(i == 0 ? "" : ",").append(value.apply(i));
    }
    return json.append(']').toString().getBytes(UTF_8);
  }

  private static byte[] string(String part) {
    return ("\"" + part.repeat(1_000_000 / part.getBytes(UTF_8).length) + "\"").getBytes(UTF_8);
  }

  private static String text(byte[] json) {
    return new String(json, UTF_8);
  }
}
