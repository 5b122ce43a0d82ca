package cloud.klink.webhooks.examples.reference;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** JSON in which numbers, escapes, names and their order could go wrong, and at times are wrong. */
final class RandomBodies {
  private static final int LEVELS = 3;
  private static final Arbitrary<String> SPACES = Arbitraries.of("", "", "", " ", "\n\t\r ");

  private RandomBodies() {}

  /** Bodies of which most are JSON; others are cut off, or have one byte of another value. */
  static Arbitrary<byte[]> bodies() {
    Arbitrary<byte[]> json = values(LEVELS).map(text -> text.getBytes(UTF_8));
    Arbitrary<byte[]> broken = Combinators.combine(
            json, Arbitraries.integers().between(0, 100_000), Arbitraries.bytes())
        .as(RandomBodies::breakOne);
    return Arbitraries.frequencyOf(Tuple.of(6, json), Tuple.of(1, broken), Tuple.of(1, nested()));
  }

  private static byte[] breakOne(byte[] json, int place, byte other) {
    byte[] broken = Arrays.copyOf(json, place % 3 == 0 ? place % json.length : json.length);
    if (broken.length > 0 && place % 3 != 0) {
      broken[place % broken.length] = other;
    }
    return broken;
  }

  private static Arbitrary<byte[]> nested() {
    return Combinators.combine(
            Arbitraries.integers().between(998, 1_002), Arbitraries.of("[]", "{}", "1"))
        .as((levels, inner) ->
            ("[".repeat(levels - 1) + inner + "]".repeat(levels - 1)).getBytes(UTF_8));
  }

  private static Arbitrary<String> values(int levels) {
    Arbitrary<String> leaves = Arbitraries.oneOf(
        strings(), numbers(), Arbitraries.of("true", "false", "null", "[]", "{}", "nul", "True"));
    if (levels == 0) {
      return leaves;
    }
    Arbitrary<String> inner = values(levels - 1);
    return Arbitraries.frequencyOf(
        Tuple.of(2, leaves), Tuple.of(2, arrays(inner)), Tuple.of(4, objects(inner)));
  }

  private static Arbitrary<String> arrays(Arbitrary<String> inner) {
    return Combinators.combine(inner.list().ofMaxSize(4), SPACES)
        .as((values, space) ->
            "[" + space + String.join(space + "," + space, values) + space + "]");
  }

  /** Names differ mostly: a prefix of one letter tells some, but not all, apart. */
  private static Arbitrary<String> objects(Arbitrary<String> inner) {
    Arbitrary<String> names =
        Arbitraries.oneOf(strings(), Arbitraries.of("\"1\"", "\"10\"", "\"-1\"", "\"__proto__\""));
    Arbitrary<List<String>> members = Combinators.combine(names, SPACES, inner)
        .as((name, space, value) -> name + space + ":" + space + value)
        .list()
        .ofMaxSize(6);
    return Combinators.combine(members, SPACES, Arbitraries.integers().between(0, 9))
        .as((all, space, twice) -> {
          List<String> some = new ArrayList<>(all);
          if (twice == 0 && !some.isEmpty()) {
            some.add(some.get(0));
          }
          return "{" + space + String.join("," + space, some) + space + "}";
        });
  }

  private static Arbitrary<String> strings() {
    Arbitrary<String> plain = Arbitraries.of(
        "a", "b", "<", ">", "&", "/", "'", "\u007f", "é", "ស", "\u2028", "\u2029", "\uffee",
        "\ufeff", "😀", "\ue000");
    Arbitrary<String> escapes = Arbitraries.of(
        "\\/",
        "\\\"",
        "\\\\",
        "\\n",
        "\\b",
        "\\f",
        "\\r",
        "\\t",
        "\\u0000",
        "\\u001F",
        "\\u007f",
        "\\u00E9",
        "\\u2028",
        "\\ud83d\\ude00",
        "\\uD83D\\uDE00",
        "\\uFFEE");
    Arbitrary<String> wrong =
        Arbitraries.of("\\ud800", "\\ude00\\ud83d", "\\x", "\\u12g4", "\t", "\u0000", "\\", "\"");
    Arbitrary<Integer> any = Arbitraries.integers()
        .between(0x20, 0x10_FFFF)
        .filter(c -> c != '"' && c != '\\' && (c < 0xD800 || c > 0xDFFF));
    return Arbitraries.frequencyOf(
            Tuple.of(60, plain),
            Tuple.of(40, escapes),
            Tuple.of(20, any.map(Character::toString)),
            Tuple.of(1, wrong))
        .list()
        .ofMaxSize(6)
        .map(parts -> "\"" + String.join("", parts) + "\"");
  }

  private static Arbitrary<String> numbers() {
    Arbitrary<String> doubles = Arbitraries.randomValue(
        random -> Double.toString(Double.longBitsToDouble(random.nextLong())));
    Arbitrary<String> powers = Combinators.combine(
            Arbitraries.integers().between(-330, 310), Arbitraries.integers().between(-2, 2))
        .as((e, steps) -> Double.toString(Double.longBitsToDouble(
            Double.doubleToLongBits(Double.parseDouble("1e" + e)) + steps)));
    Arbitrary<String> twos =
        Arbitraries.integers().between(-1_074, 1_023).map(e -> Double.toString(Math.scalb(1.0, e)));
    Arbitrary<String> written = Combinators.combine(
            Arbitraries.of("", "-"),
            Arbitraries.longs().between(0, Long.MAX_VALUE),
            Arbitraries.of("", ".0", ".50", ".000001", ".99999999999999999999"),
            Arbitraries.of("", "", "e5", "E+05", "e-7", "e-20", "e15", "e16", "e400", "e-400"))
        .as((sign, digits, fraction, exponent) -> sign + digits + fraction + exponent);
    Arbitrary<String> small = Combinators.combine(
            Arbitraries.integers().between(-20, 20), Arbitraries.of("", ".0", ".5", "e0", "E-5"))
        .as((digits, rest) -> digits + rest);
    Arbitrary<String> notable = Arbitraries.of(
        "-0",
        "-0.0",
        "0e999999999999",
        "01",
        "+1",
        "1.",
        ".5",
        "1e",
        "0x1",
        "NaN",
        "1e-999999999",
        "9007199254740993",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "1.7976931348623158e308",
        "1.7976931348623159e308",
        "5.684341886080801e-14");
    Arbitrary<String> longOnes = Arbitraries.of(IntStream.of(300, 310, 999, 1_000, 1_001)
        .mapToObj(length -> "9".repeat(length))
        .toList());
    return Arbitraries.frequencyOf(
            Tuple.of(5, doubles),
            Tuple.of(3, powers),
            Tuple.of(2, twos),
            Tuple.of(5, written),
            Tuple.of(5, small),
            Tuple.of(1, notable),
            Tuple.of(1, longOnes))
        .map(number -> number.contains("N") || number.contains("I") ? "0.5" : number);
  }
}
