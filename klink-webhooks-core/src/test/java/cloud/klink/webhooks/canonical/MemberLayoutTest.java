package cloud.klink.webhooks.canonical;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Members whose tokens stand at any distance from one another, against the naive model. */
class MemberLayoutTest {
  private static final int MAX_LENGTH = 70;

  /**
   * What names and strings end with; the last two are bytes that are not UTF-8, and half of one.
   */
  private static final List<String> ENDS =
      List.of("", "x", "\\n", "\\\"", "\\\\", "\n", "\0", "\u00e1\u009e\u009f", "\u00ff", "\u00c3");

  private static final List<String> SPACES = List.of("", " ", "\n", "\r\n\t", "          ");

  private static final List<String> VALUES = List.of(
      "0",
      "-0",
      "01",
      "999999999999999",
      "9007199254740993",
      "12.50",
      "1e2",
      "true",
      "falsch",
      "null0",
      "[]",
      "{\"b\":\"\",\"a\":\"\"}",
      "");

  @Test
  void member_withNameAndStringOfAnyLength_isAsTheModelHasIt() {
    for (int length = 0; length <= MAX_LENGTH; length++) {
      for (String end : ENDS) {
        assertAgrees("{\"" + "n".repeat(length) + end + "\":\"v\",\"a\":\"\"}");
        assertAgrees("{\"" + "n".repeat(length) + end + "\":1,\"a\":2}");
        assertAgrees("{\"n\":\"" + "v".repeat(length) + end + "\",\"a\":\"\"}");
        assertAgrees("{\"n\":\"" + "v".repeat(length) + end);
      }
    }
  }

  @Test
  void member_withWhiteSpaceAnywhere_isAsTheModelHasIt() {
    for (String space : SPACES) {
      for (String value : VALUES) {
        assertAgrees("{" + space + "\"n\":" + value + ",\"a\":\"\"}");
        assertAgrees("{\"n\"" + space + ":" + value + ",\"a\":\"\"}");
        assertAgrees("{\"n\":" + space + value + ",\"a\":\"\"}");
        assertAgrees("{\"n\":" + value + space + ",\"a\":\"\"}");
        assertAgrees("{\"n\":" + value + "," + space + "\"a\":" + value + space + "}");
      }
    }
  }

  @Test
  void member_withASpacedString_isAsTheModelHasIt() {
    for (String space : SPACES) {
      for (int length = 0; length <= MAX_LENGTH; length++) {
        String name = "n".repeat(length);
        assertAgrees("{\"" + name + "\":" + space + "\",v\",\"a\":" + space + "\"\"}");
      }
    }
  }

  /** Each character of the body is one byte. */
  private static void assertAgrees(String body) {
    Written.assertAgreesWithModel(body.getBytes(ISO_8859_1));
  }
}
