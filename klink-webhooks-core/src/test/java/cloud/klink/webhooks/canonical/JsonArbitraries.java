package cloud.klink.webhooks.canonical;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.domains.DomainContextBase;

/** Generated JSON: everything in which dialects, escapes, names or numbers could go wrong. */
final class JsonArbitraries extends DomainContextBase {
  private static final int DEPTH = 3;

  @Provide
  Arbitrary<JsonText> json() {
    return values(false);
  }

  /** The same, but now and then with two members of one name or a number that is out of bounds. */
  static Arbitrary<JsonText> careless() {
    return values(true);
  }

  private static Arbitrary<JsonText> values(boolean careless) {
    Arbitrary<JsonText> leaves = Arbitraries.frequencyOf(
        Tuple.of(3, strings().map(JsonText.Text::new)),
        Tuple.of(
            2,
            integers()
                .filter(number -> careless || number.length() <= 1_000)
                .map(JsonText.Literal::new)),
        Tuple.of(
            3, floats().filter(number -> careless || isFinite(number)).map(JsonText.Literal::new)),
        Tuple.of(1, Arbitraries.of("true", "false", "null").map(JsonText.Literal::new)));
    Arbitrary<JsonText> values = leaves;
    for (int i = 0; i < DEPTH; i++) {
      Arbitrary<JsonText> inner = values;
      values = Arbitraries.frequencyOf(
          Tuple.of(3, leaves),
          Tuple.of(2, inner.list().ofMaxSize(4).map(JsonText.Array::new)),
          Tuple.of(4, objects(inner, 4, careless)),
          Tuple.of(1, objects(leaves, 60, careless)));
    }
    return values;
  }

  private static boolean isFinite(String number) {
    return Double.isFinite(Double.parseDouble(number));
  }

  private static Arbitrary<JsonText> objects(
      Arbitrary<JsonText> inner, int maxSize, boolean careless) {
    return Combinators.combine(names(), inner)
        .as(JsonText.Member::new)
        .list()
        .ofMaxSize(maxSize)
        .map(members -> new JsonText.Members(careless ? members : distinct(members)));
  }

  static Arbitrary<List<JsonText.Member>> members() {
    return Combinators.combine(names(), strings().map(JsonText.Text::new))
        .as(JsonText.Member::new)
        .list()
        .ofMaxSize(30)
        .map(JsonArbitraries::distinct);
  }

  private static List<JsonText.Member> distinct(List<JsonText.Member> members) {
    Map<String, JsonText.Member> byName = new LinkedHashMap<>();
    members.forEach(member -> byName.put(member.name(), member));
    return List.copyOf(byName.values());
  }

  /** Many that share their first eight bytes, since the writer sorts by those first. */
  private static Arbitrary<String> names() {
    return Arbitraries.frequencyOf(
        Tuple.of(4, strings()),
        Tuple.of(2, Arbitraries.strings().withChars("ab").ofMaxLength(4)),
        Tuple.of(
            3,
            Combinators.combine(
                    Arbitraries.of("customer", "customerId", "ឈ្មោះអតិថិជន", "\0\0\0\0\0\0\0"),
                    Arbitraries.strings().withChars("\0aZé\uffee").ofMaxLength(3))
                .as(String::concat)));
  }

  static Arbitrary<String> strings() {
    Arbitrary<Integer> codePoints = Arbitraries.frequencyOf(
        Tuple.of(8, Arbitraries.integers().between(' ', '~')),
        Tuple.of(3, Arbitraries.of((int) '"', (int) '\\', (int) '/', (int) '<', (int) '>', 38)),
        Tuple.of(2, Arbitraries.integers().between(0, 0x1f)),
        Tuple.of(2, Arbitraries.of(0x7f, 0x80, 0x7ff, 0x800, 0x2027, 0x2028, 0x2029, 0x202a)),
        Tuple.of(1, Arbitraries.of(0xd7ff, 0xe000, 0xfeff, 0xffee, 0xffff, 0x10000, 0x10ffff)),
        Tuple.of(2, Arbitraries.integers().between(0x80, 0xd7ff)),
        Tuple.of(1, Arbitraries.integers().between(0xe000, 0xffff)),
        Tuple.of(2, Arbitraries.integers().between(0x10000, 0x10ffff)));
    return Arbitraries.frequencyOf(
            Tuple.of(12, codePoints.list().ofMaxSize(12)),
            Tuple.of(1, codePoints.list().ofMinSize(30).ofMaxSize(300)))
        .map(list -> list.stream()
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString());
  }

  static Arbitrary<String> integers() {
    Arbitrary<String> sizes = Arbitraries.frequencyOf(
        Tuple.of(6, digits(1, 14)),
        Tuple.of(6, digits(14, 24)),
        Tuple.of(2, digits(306, 311)),
        Tuple.of(1, digits(25, 999)),
        Tuple.of(1, digits(998, 999)));
    Arbitrary<String> notable = Arbitraries.of(
        "0",
        "1",
        "9007199254740991",
        "9007199254740992",
        "9007199254740993",
        "999999999999999",
        "1000000000000000",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551616",
        "100000000000000000000",
        "999999999999999999999",
        "1000000000000000000000");
    return signed(Arbitraries.frequencyOf(Tuple.of(3, sizes), Tuple.of(1, notable)));
  }

  private static Arbitrary<String> digits(int min, int max) {
    return Combinators.combine(
            Arbitraries.chars().range('1', '9'),
            Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.strings().numeric().ofMinLength(min - 1).ofMaxLength(max)),
                Tuple.of(
                    1,
                    Arbitraries.of('0', '9')
                        .flatMap(c -> Arbitraries.integers()
                            .between(min - 1, max)
                            .map(size -> String.valueOf(c).repeat(size))))))
        .as((first, rest) -> first + rest);
  }

  static Arbitrary<String> floats() {
    Arbitrary<String> whole = Arbitraries.frequencyOf(
        Tuple.of(4, Arbitraries.just("0")),
        Tuple.of(6, digits(1, 4)),
        Tuple.of(3, digits(5, 20)),
        Tuple.of(1, digits(100, 400)));
    Arbitrary<String> fraction = Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(5)),
            Tuple.of(3, Arbitraries.strings().numeric().ofMinLength(5).ofMaxLength(25)),
            Tuple.of(3, Arbitraries.strings().withChars("09").ofMinLength(1).ofMaxLength(18)),
            Tuple.of(1, Arbitraries.strings().numeric().ofMinLength(100).ofMaxLength(400)))
        .map(digits -> "." + digits);
    Arbitrary<String> exponent = Combinators.combine(
            Arbitraries.of("e", "E", "e+", "E+", "e-", "E-"),
            Arbitraries.of("", "0", "00"),
            Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.integers().between(0, 25)),
                Tuple.of(1, Arbitraries.integers().between(26, 330))))
        .as((e, zeros, power) -> e + zeros + power);
    Arbitrary<String> written = Arbitraries.oneOf(
        Combinators.combine(whole, fraction).as(String::concat),
        Combinators.combine(whole, exponent).as(String::concat),
        Combinators.combine(whole, fraction, exponent).as((w, f, e) -> w + f + e));
    Arbitrary<String> printed = doubles().map(value -> Double.toString(Math.abs(value)));
    return signed(Arbitraries.frequencyOf(Tuple.of(4, written), Tuple.of(1, printed)));
  }

  private static Arbitrary<String> signed(Arbitrary<String> numbers) {
    return Combinators.combine(Arbitraries.of("", "", "-"), numbers).as(String::concat);
  }

  /** Doubles of all magnitudes, and those at which printing goes wrong. All finite. */
  static Arbitrary<Double> doubles() {
    Arbitrary<Double> anyBits =
        Arbitraries.randomValue(Random::nextLong).map(Double::longBitsToDouble);
    Arbitrary<Double> ordinary = Arbitraries.randomValue(
        random -> Math.scalb(random.nextDouble(), random.nextInt(140) - 60));
    Arbitrary<Double> short15 = Arbitraries.randomValue(
        random -> Double.parseDouble(random.nextInt(1_000_000) + "e" + (random.nextInt(50) - 25)));
    Arbitrary<Double> subnormal =
        Arbitraries.longs().between(0, (1L << 52) + 3).map(Double::longBitsToDouble);
    Arbitrary<Double> tens =
        Arbitraries.integers().between(-324, 308).map(e -> Double.parseDouble("1e" + e));
    Arbitrary<Double> twos =
        Arbitraries.integers().between(-1074, 1023).map(e -> Math.scalb(1.0, e));
    Arbitrary<Double> halves =
        Arbitraries.longs().between(-(1L << 53), 1L << 53).map(value -> value / 2.0);
    Arbitrary<Integer> neighbour = Arbitraries.integers().between(-3, 3);
    return Arbitraries.oneOf(
            anyBits,
            ordinary,
            short15,
            halves,
            neighbours(subnormal, neighbour),
            neighbours(tens, neighbour),
            neighbours(twos, neighbour))
        .map(value -> Double.isFinite(value) ? value : Double.MAX_VALUE);
  }

  private static Arbitrary<Double> neighbours(
      Arbitrary<Double> values, Arbitrary<Integer> neighbour) {
    return Combinators.combine(values, neighbour)
        .as((value, steps) -> Double.longBitsToDouble(Double.doubleToLongBits(value) + steps));
  }
}
