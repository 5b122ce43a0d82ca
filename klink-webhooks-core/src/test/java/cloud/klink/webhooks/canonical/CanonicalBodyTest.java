package cloud.klink.webhooks.canonical;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import cloud.klink.webhooks.MalformedException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every rule of CANONICAL.md, section "BODY", by example. */
class CanonicalBodyTest {

  @ParameterizedTest
  @CsvSource({
    "100.00, 100.0, 100",
    "200.10, 200.1, 200.1",
    "100e5, 10000000.0, 10000000",
    "1000000000000000.25e3, 1.0000000000000003e+18, 1000000000000000300",
    "-100.00, -100.0, -100",
    "-0, 0, -0",
    "-0.0, -0.0, -0",
    "-0e5, -0.0, -0",
    "-0.00, -0.0, -0",
    "0e5, 0.0, 0",
    "0.00, 0.0, 0",
    "1e-400, 0.0, 0",
    "4.9e-324, 5e-324, 5e-324",
    "9.9e-324, 1e-323, 1e-323",
    "2e-323, 2e-323, 2e-323",
    "4.9406564584124654e-323, 5e-323, 5e-323",
    "2.4703282292062327e-324, 0.0, 0",
    "2.4703282292062328e-324, 5e-324, 5e-324",
    "-3E-324, -5e-324, -5e-324",
    "3E-310, 3e-310, 3e-310",
    "123456789012345e-330, 1.2345679e-316, 1.2345679e-316",
    "1E308, 1e+308, 1e+308",
    "1.79769313486231e308, 1.79769313486231e+308, 1.79769313486231e+308",
    "0.0001e312, 1e+308, 1e+308",
    "2.2250738585072014e-308, 2.2250738585072014e-308, 2.2250738585072014e-308",
    "1.7976931348623157e308, 1.7976931348623157e+308, 1.7976931348623157e+308",
    "2E23, 2e+23, 2e+23",
    "9007199254740993, 9007199254740993, 9007199254740992",
    "-9007199254740993, -9007199254740993, -9007199254740992",
    "999999999999999, 999999999999999, 999999999999999",
    "9999999999999998.0, 9999999999999998.0, 9999999999999998",
    "1e16, 1e+16, 10000000000000000",
    "1e15, 1000000000000000.0, 1000000000000000",
    "0.0001, 0.0001, 0.0001",
    "0.00001, 1e-05, 0.00001",
    "0.000001, 1e-06, 0.000001",
    "0.0000001, 1e-07, 1e-7",
    "1e20, 1e+20, 100000000000000000000",
    "1e21, 1e+21, 1e+21",
    "1e100, 1e+100, 1e+100",
    "1000000000000000000000, 1000000000000000000000, 1e+21",
    "0.1000000000000000055511151231257827, 0.1, 0.1",
    "1.0000000000000002, 1.0000000000000002, 1.0000000000000002"
  })
  void number_inAnyNotation_isPrintedAsPythonAndGoDo(String number, String klink, String go) {
    assertThat(canonical("[" + number + "]", Dialect.KLINK)).isEqualTo("[" + klink + "]");
    assertThat(canonical("[" + number + "]", Dialect.PYTHON_ASCII)).isEqualTo("[" + klink + "]");
    assertThat(canonical("[" + number + "]", Dialect.GO)).isEqualTo("[" + go + "]");
    assertThat(canonical(number, Dialect.KLINK)).isEqualTo(klink);
    assertThat(canonical("{\"a\":" + number + " }", Dialect.GO)).isEqualTo("{\"a\":" + go + "}");
  }

  static final List<List<String>> STRINGS = List.of(
      // as it came, klink, python-ascii, go
      List.of("\"\\u0041\\/\"", "\"A/\"", "\"A/\"", "\"A/\""),
      List.of("\"\\u0022\\u005C\"", "\"\\\"\\\\\"", "\"\\\"\\\\\"", "\"\\\"\\\\\""),
      List.of("\"\\u0008\\u000c\\u000A\"", "\"\\b\\f\\n\"", "\"\\b\\f\\n\"", "\"\\b\\f\\n\""),
      List.of(
          "\"\\u001F\\u0000\"", "\"\\u001f\\u0000\"", "\"\\u001f\\u0000\"", "\"\\u001f\\u0000\""),
      List.of("\"\u007f\"", "\"\u007f\"", "\"\\u007f\"", "\"\u007f\""),
      List.of("\"<>&\"", "\"<>&\"", "\"<>&\"", "\"\\u003c\\u003e\\u0026\""),
      List.of("\"\\u003C\"", "\"<\"", "\"<\"", "\"\\u003c\""),
      List.of("\"é\\u00E9\"", "\"éé\"", "\"\\u00e9\\u00e9\"", "\"éé\""),
      List.of("\"\u2028\\u2029\"", "\"\u2028\u2029\"", "\"\\u2028\\u2029\"", "\"\\u2028\\u2029\""),
      List.of("\"ស\"", "\"ស\"", "\"\\u179f\"", "\"ស\""),
      List.of("\"😀\"", "\"😀\"", "\"\\ud83d\\ude00\"", "\"😀\""),
      List.of("\"\\uD83D\\ude00\"", "\"😀\"", "\"\\ud83d\\ude00\"", "\"😀\""),
      List.of(
          "{\"\\u0062\":1,\"a\":2}", "{\"a\":2,\"b\":1}", "{\"a\":2,\"b\":1}", "{\"a\":2,\"b\":1}"),
      List.of(
          "{\"😀\":1,\"\uffee\":2}",
          "{\"\uffee\":2,\"😀\":1}",
          "{\"\\uffee\":2,\"\\ud83d\\ude00\":1}",
          "{\"\uffee\":2,\"😀\":1}"),
      List.of("{\"<\":1}", "{\"<\":1}", "{\"<\":1}", "{\"\\u003c\":1}"));

  @ParameterizedTest
  @FieldSource("STRINGS")
  void string_inAnyNotation_isPrintedAsTheDialectHasIt(List<String> row) {
    assertThat(canonical(row.get(0), Dialect.KLINK)).isEqualTo(row.get(1));
    assertThat(canonical(row.get(0), Dialect.PYTHON_ASCII)).isEqualTo(row.get(2));
    assertThat(canonical(row.get(0), Dialect.GO)).isEqualTo(row.get(3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "null | null",
        "true | true",
        "false | false",
        "\"\" | \"\"",
        "[ ] | []",
        "{ } | {}",
        "[[ ],{ },[]] | [[],{},[]]",
        "[ 1 , 2 , [ 3 ] , 4 ] | [1,2,[3],4]",
        "{\"b\":1,\"a\":{\"d\":1,\"c\":2}} | {\"a\":{\"c\":2,\"d\":1},\"b\":1}",
        "{\"aa\":1,\"a\":2,\"\":3} | {\"\":3,\"a\":2,\"aa\":1}",
        "{\"b\" :1, \"a\": [ {\"y\":0,\"x\":0} ] } | {\"a\":[{\"x\":0,\"y\":0}],\"b\":1}",
        "{\"a\":1,\"B\":2} | {\"B\":2,\"a\":1}",
        "{\"customerName\":1,\"customerId\":2} | {\"customerId\":2,\"customerName\":1}"
      })
  void structure_inAnyOrder_isCompactAndSorted(String json, String expected) {
    for (Dialect dialect : Dialect.values()) {
      assertThat(canonical(json, dialect)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 24, 25, 48, 49, 97, 1_000})
  void members_ofAnyNumberInReverseOrder_areSorted(int count) {
    List<String> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      members.add(String.format("\"name-with-a-prefix-%05d\":%d", i, i));
    }
    String sorted = "{" + String.join(",", members) + "}";
    Collections.reverse(members);
    assertThat(canonical("{" + String.join(",", members) + "}", Dialect.KLINK)).isEqualTo(sorted);
    assertThat(canonical(sorted, Dialect.KLINK)).isEqualTo(sorted);
  }

  @Test
  void whiteSpace_ofJson_isDropped() {
    assertThat(canonical(" \t\r\n[ \t\r\n1 \t\r\n, \t\r\n2 \t\r\n] \t\r\n", Dialect.KLINK))
        .isEqualTo("[1,2]");
  }

  static final List<List<Object>> REFUSALS = List.of(
      List.of(" ", 1, "ends"),
      List.of("\u0000", 0, "value"),
      List.of("[1,]", 3, "value"),
      List.of("[,1]", 1, "value"),
      List.of("[1 2]", 3, "comma"),
      List.of("[1}", 2, "comma"),
      List.of("{\"a\":1]", 6, "comma"),
      List.of("{\"a\":1,}", 7, "name"),
      List.of("{,}", 1, "name"),
      List.of("{a:1}", 1, "name"),
      List.of("{\"a\"}", 4, "colon"),
      List.of("{\"a\" 1}", 5, "colon"),
      List.of("{\"a\":}", 5, "value"),
      List.of("[", 1, "ends"),
      List.of("{\"a\":[1", 7, "ends"),
      List.of("\"abc", 4, "ends"),
      List.of("\"abc\\", 4, "backslash"),
      List.of("\"\\u00", 5, "ends"),
      List.of("]", 0, "value"),
      List.of("[]]", 2, "nothing may follow"),
      List.of("1 2", 2, "nothing may follow"),
      List.of("{}\u0000", 2, "nothing may follow"),
      List.of("tru", 0, "value"),
      List.of("True", 0, "value"),
      List.of("nul", 0, "value"),
      List.of("NaN", 0, "value"),
      List.of("[-Infinity]", 2, "digit"),
      List.of("'a'", 0, "value"),
      List.of("\ufeff{}", 0, "value"),
      List.of("[1] // no", 4, "nothing may follow"),
      List.of("\"a\nb\"", 2, "control"),
      List.of("\"\t\"", 1, "control"),
      List.of("\"\u0000\"", 1, "control"),
      List.of("\"\\x\"", 1, "backslash"),
      List.of("\"\\u12g4\"", 5, "hex"),
      List.of("\"\\u١234\"", 3, "hex"),
      List.of("\"\\ud800\"", 1, "surrogate"),
      List.of("\"\\udc00\"", 1, "surrogate"),
      List.of("\"\\ude00\\ud83d\"", 1, "surrogate"),
      List.of("\"\\ud83d\\ud83d\"", 1, "surrogate"),
      List.of("\"\\ud83dx\"", 1, "surrogate"),
      List.of("{\"\\ud800\":1}", 2, "surrogate"),
      List.of("{\"a\":1,\"a\":1}", 7, "same name"),
      List.of("{\"b\":1,\"a\":1,\"b\":1}", 0, "same name"),
      List.of("{\"a\":1,\"\\u0061\":1}", 7, "same name"),
      List.of("[{\"\":1,\"\":1}]", 7, "same name"),
      List.of("01", 0, "zero"),
      List.of("-01", 0, "zero"),
      List.of("00", 0, "zero"),
      List.of("+1", 0, "value"),
      List.of(".5", 0, "value"),
      List.of("1.", 2, "ends"),
      List.of("[1.]", 3, "digit"),
      List.of("[1.e5]", 3, "digit"),
      List.of("[1e]", 3, "digit"),
      List.of("[1e+]", 4, "digit"),
      List.of("[-]", 2, "digit"),
      List.of("[0x10]", 2, "comma"),
      List.of("[1e309]", 1, "range"),
      List.of("[-1e309]", 1, "range"),
      List.of("[1.8e308]", 1, "range"));

  @ParameterizedTest
  @FieldSource("REFUSALS")
  void text_thatIsNotOneUnambiguousValue_isRefusedWithItsPlace(List<Object> row) {
    assertRefused(((String) row.get(0)).getBytes(UTF_8), (int) row.get(1), (String) row.get(2));
  }

  static final List<String> NOT_UTF_8 = List.of(
      "\u0080", // a continuation first
      "\u00c0\u0080", // U+0000 in two bytes
      "\u00c1\u00bf", // overlong
      "\u00c3", // cut
      "\u00c3(", // no continuation
      "\u00e0\u0080\u0080", // overlong
      "\u00e0\u009f\u00bf", // overlong
      "\u00e2\u0082", // cut
      "\u00e2(\u00a1",
      "\u00ed\u00a0\u0080", // U+D800
      "\u00ed\u00bf\u00bf", // U+DFFF
      "\u00f0\u0080\u0080\u0080", // overlong
      "\u00f0\u008f\u00bf\u00bf", // overlong
      "\u00f0\u009f\u0098", // cut
      "\u00f4\u0090\u0080\u0080", // U+110000
      "\u00f5\u0080\u0080\u0080",
      "\u00ff");

  @ParameterizedTest
  @FieldSource("NOT_UTF_8")
  void bytes_thatAreNotUtf8_areRefusedWithTheirPlace(String latin1) {
    assertRefused(("[\"ab" + latin1 + "\"]").getBytes(ISO_8859_1), 4, "UTF-8");
    assertRefused(("{\"ab" + latin1 + "\":1}").getBytes(ISO_8859_1), 4, "UTF-8");
    for (Dialect dialect : Dialect.values()) {
      assertThat(Written.in(latin1.getBytes(ISO_8859_1), dialect)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "-1", "0.", "1.5e", "1E-", "9"})
  void number_of1000Characters_isTakenAndOneMoreIsNot(String start) {
    String longest = start + "1".repeat(1_000 - start.length());
    if (start.endsWith("e")) {
      longest = start + "0".repeat(1_000 - start.length());
    }
    byte[] tooLong = ("[" + longest + "1]").getBytes(UTF_8);
    assertThat(CanonicalBody.of(longest.getBytes(UTF_8), Dialect.KLINK).length())
        .isPositive();
    assertRefused(tooLong, 1, "1000 characters");
  }

  @ParameterizedTest
  @EnumSource
  void levels_of1000_areTakenAndOneMoreIsNot(Dialect dialect) {
    String arrays = "[".repeat(1_000) + "]".repeat(1_000);
    assertThat(canonical(arrays, dialect)).isEqualTo(arrays);
    String objects = "{\"a\":".repeat(999) + "{}" + "}".repeat(999);
    assertThat(canonical(objects, dialect)).isEqualTo(objects);

    assertRefused(("[" + arrays + "]").getBytes(UTF_8), 1_000, "1000 levels");
    assertRefused(("{\"a\":" + objects + "}").getBytes(UTF_8), 5_000, "1000 levels");
  }

  @Test
  void integer_beyondDoubles_hasNoGoFormButTheOthers() {
    String large = "1" + "0".repeat(309);
    assertThat(canonical("[" + large + "]", Dialect.KLINK)).isEqualTo("[" + large + "]");
    assertThat(canonical("[" + large + "]", Dialect.PYTHON_ASCII)).isEqualTo("[" + large + "]");
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> canonical("[" + large + "]", Dialect.GO))
        .withMessageContaining("range of doubles");
    assertThat(visited("[" + large + "]", Dialect.values())).containsExactly("[" + large + "]");
  }

  @Test
  void integer_atTheEdgeOfDoubles_hasAGoFormUpToTheEdge() {
    // Half way between the largest double and the next, which there is not: that and above is out.
    String edge = new BigDecimal(Double.MAX_VALUE)
        .add(new BigDecimal(Math.ulp(Double.MAX_VALUE)).divide(BigDecimal.valueOf(2)))
        .toBigInteger()
        .toString();
    String below = new BigInteger(edge).subtract(BigInteger.ONE).toString();
    assertThat(canonical(below, Dialect.GO)).isEqualTo("1.7976931348623157e+308");
    assertThat(canonical("-" + below, Dialect.GO)).isEqualTo("-1.7976931348623157e+308");
    assertThat(Written.in(edge.getBytes(UTF_8), Dialect.GO)).isEmpty();
    assertThat(canonical(edge, Dialect.KLINK)).isEqualTo(edge);
  }

  @Test
  void refusal_always_keepsTheBodyOutOfItsMessage() {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> canonical("{\"password\":hunter2}", Dialect.KLINK))
        .withMessageNotContainingAny("hunter2", "password");
  }

  @ParameterizedTest
  @EnumSource
  void body_ofNoBytes_isEmpty(Dialect dialect) {
    assertThat(CanonicalBody.of(new byte[0], dialect)).isEqualTo(CanonicalBody.empty());
    assertThat(CanonicalBody.empty().length()).isZero();
    assertThat(CanonicalBody.empty().text()).isEmpty();
    assertThat(CanonicalBody.empty().toBytes()).isEmpty();
    assertThat(CanonicalBody.empty().dialects()).containsExactly(Dialect.values());
  }

  @Test
  void body_overTheLimit_isRefused() {
    byte[] body = new byte[CanonicalBody.MAX_LENGTH + 1];
    Arrays.fill(body, (byte) ' ');
    body[0] = '1';
    assertRefused(body, CanonicalBody.MAX_LENGTH, "at most");
  }

  @Test
  void input_changedAfterwards_doesNotChangeTheForm() {
    byte[] input = "{\"a\":1}".getBytes(UTF_8);
    CanonicalBody body = CanonicalBody.of(input, Dialect.KLINK);
    Arrays.fill(input, (byte) 'x');
    assertThat(body.text()).isEqualTo("{\"a\":1}");
  }

  @Test
  void input_always_isLeftAsItWas() {
    byte[] input = " {\"b\":1.00,\"\\u0061\":2} ".getBytes(UTF_8);
    byte[] before = input.clone();
    canonicalInAll(input);
    assertThat(input).isEqualTo(before);
  }

  @Test
  void toBytes_changed_doesNotChangeTheForm() {
    CanonicalBody body = CanonicalBody.of("[1]".getBytes(UTF_8), Dialect.KLINK);
    body.toBytes()[1] = '2';
    assertThat(body.toBytes()).asString(UTF_8).isEqualTo("[1]");
    assertThat(body.length()).isEqualTo(3);
  }

  @Test
  void forms_ofEqualBytes_areEqualWhateverTheirDialects() {
    CanonicalBody klink = CanonicalBody.of("[ 1]".getBytes(UTF_8), Dialect.KLINK);
    CanonicalBody go = CanonicalBody.of("[1 ]".getBytes(UTF_8), Dialect.GO);
    assertThat(klink).isEqualTo(go).hasSameHashCodeAs(go);
    assertThat(klink).isNotEqualTo(CanonicalBody.of("[2]".getBytes(UTF_8), Dialect.KLINK));
    assertThat(klink).isNotEqualTo("[1]").isNotEqualTo(null);
  }

  @Test
  void toString_always_tellsNothingOfTheContent() {
    CanonicalBody body = CanonicalBody.of("[\"hunter2\"]".getBytes(UTF_8), Dialect.KLINK);
    assertThat(body).hasToString("CanonicalBody[11 bytes, klink]");
  }

  @Test
  void dialects_ofAForm_areThoseThatPrintNothingOfItOtherwise() {
    assertThat(dialects("[1,\"a\",0.5]")).containsExactly(Dialect.values());
    assertThat(dialects("[\"é\"]")).containsExactly(Dialect.KLINK, Dialect.GO, Dialect.GO_NUMBER);
    assertThat(dialects("[\"\u007f\"]"))
        .containsExactly(Dialect.KLINK, Dialect.GO, Dialect.GO_NUMBER);
    assertThat(dialects("[\"<\"]")).containsExactly(Dialect.KLINK, Dialect.PYTHON_ASCII);
    assertThat(dialects("[1.0]"))
        .containsExactly(Dialect.KLINK, Dialect.PYTHON_ASCII, Dialect.GO_NUMBER);
    assertThat(dialects("[-0]")).containsExactly(Dialect.KLINK, Dialect.PYTHON_ASCII);
    assertThat(dialects("[9007199254740992]")).containsExactly(Dialect.values());
    assertThat(dialects("[9007199254740993]"))
        .containsExactly(Dialect.KLINK, Dialect.PYTHON_ASCII, Dialect.GO_NUMBER);
    assertThat(dialects("[\"\u2028\"]")).containsExactly(Dialect.KLINK);
    assertThat(dialects("[\"<é\"]")).containsExactly(Dialect.KLINK);
  }

  @Test
  void firstMatching_ofFormsThatAgreeByChance_offersThemOnce() {
    assertThat(visited("[0.10]", Dialect.values())).containsExactly("[0.1]", "[0.10]");
    assertThat(visited("[1.00]", Dialect.values())).containsExactly("[1.0]", "[1]", "[1.00]");
    assertThat(visited("[1e+16,1e21,1.5e-10]", Dialect.values()))
        .containsExactly(
            "[1e+16,1e+21,1.5e-10]", "[10000000000000000,1e+21,1.5e-10]", "[1e+16,1e21,1.5e-10]");
    assertThat(visited("[1e+21,1.5e-10,0.5,12345678901234567000]", Dialect.values()))
        .containsExactly("[1e+21,1.5e-10,0.5,12345678901234567000]");
    assertThat(visited("[\"\u2028\"]", Dialect.PYTHON_ASCII, Dialect.GO, Dialect.GO_NUMBER))
        .containsExactly("[\"\\u2028\"]");
    assertThat(visited("[\"\u2028\"]", Dialect.values()))
        .containsExactly("[\"\u2028\"]", "[\"\\u2028\"]");
    assertThat(visited("[\"é\",1e3]", Dialect.GO, Dialect.KLINK, Dialect.GO, Dialect.PYTHON_ASCII))
        .containsExactly("[\"é\",1000]", "[\"é\",1000.0]", "[\"\\u00e9\",1000.0]");
  }

  @Test
  void firstMatching_withoutDialects_offersNothingButStillRefuses() {
    assertThat(visited("[1]")).isEmpty();
    assertThat(visited("")).isEmpty();
    assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> visited("[1"));
  }

  @Test
  void firstMatching_ofTheEmptyBody_offersItOnce() {
    assertThat(visited("", Dialect.values())).containsExactly("");
  }

  @Test
  void firstMatching_whosePredicateCanonicalizes_isNotDisturbed() {
    List<String> outer = new ArrayList<>();
    CanonicalBody.firstMatching(
        "{\"b\":\"é\",\"a\":1.00}".getBytes(UTF_8), List.of(Dialect.values()), form -> {
          canonicalInAll("{\"z\":[1,2,3],\"y\":\"other\"}".getBytes(UTF_8));
          outer.add(form.text());
          return false;
        });
    assertThat(outer)
        .containsExactly(
            "{\"a\":1.0,\"b\":\"é\"}",
            "{\"a\":1.0,\"b\":\"\\u00e9\"}",
            "{\"a\":1,\"b\":\"é\"}",
            "{\"a\":1.00,\"b\":\"é\"}");
  }

  @Test
  void body_afterARefusedOne_isNotDisturbed() {
    assertThat(Written.in("{\"b\":[{\"c\":\"\\ud800".getBytes(UTF_8), Dialect.GO))
        .isEmpty();
    assertThat(canonical("{\"b\":1,\"a\":2}", Dialect.GO)).isEqualTo("{\"a\":2,\"b\":1}");
  }

  @Test
  void arguments_thatAreNull_areRefused() {
    assertThatNullPointerException().isThrownBy(() -> CanonicalBody.of(null, Dialect.KLINK));
    assertThatNullPointerException().isThrownBy(() -> CanonicalBody.of(new byte[0], null));
  }

  @Test
  void dialect_ofItsId_isFound() {
    for (Dialect dialect : Dialect.values()) {
      assertThat(Dialect.ofId(dialect.id())).isEqualTo(dialect);
    }
    assertThat(Stream.of(Dialect.values()).map(Dialect::id))
        .containsExactly("klink", "python-ascii", "go", "go-number");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Dialect.ofId("KLINK"))
        .withMessageContaining("klink, python-ascii, go or go-number");
  }

  private static void assertRefused(byte[] body, int offset, String rule) {
    for (Dialect dialect : Dialect.values()) {
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> CanonicalBody.of(body, dialect))
          .withMessageStartingWith("body: byte " + offset + ": ")
          .withMessageContaining(rule)
          .satisfies(e -> assertThat(e.reason().code()).isEqualTo("malformed_body"));
    }
  }

  private static List<String> visited(String json, Dialect... dialects) {
    List<String> visited = new ArrayList<>();
    CanonicalBody.firstMatching(
        json.getBytes(UTF_8), List.of(dialects), form -> !visited.add(form.text()));
    return visited;
  }

  private static Set<Dialect> dialects(String json) {
    return CanonicalBody.of(json.getBytes(UTF_8), Dialect.KLINK).dialects();
  }

  private static void canonicalInAll(byte[] body) {
    for (Dialect dialect : Dialect.values()) {
      assertThat(CanonicalBody.of(body, dialect).length()).isPositive();
    }
  }

  private static String canonical(String json, Dialect dialect) {
    return CanonicalBody.of(json.getBytes(UTF_8), dialect).text();
  }
}
