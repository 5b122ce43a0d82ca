package cloud.klink.webhooks.canonical;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bodies that are too large for the tape are printed as small ones are. */
class LargeBodyTest {

  @Test
  void body_tooLargeForTheTape_isPrintedAsTheModelHasIt() {
    for (int seed = 0; seed < 3; seed++) {
      Written.assertAgreesWithModel(body(new Random(seed)));
    }
  }

  @Test
  void largeObject_withARepeatedName_isRefused() {
    StringBuilder json = new StringBuilder("{\"\\u0061\\n\": 1");
    for (int i = 9_999; i >= 0; i--) {
      json.append(" , \"").append(i).append("\" : -0");
    }
    byte[] once = (json + "}").getBytes(UTF_8);
    byte[] twice = (json + ",\"a\\u000A\":2}").getBytes(UTF_8);

    Written.assertAgreesWithModel(once);
    assertThat(Written.in(once, Dialect.KLINK)).isPresent();
    assertThat(Written.in(twice, Dialect.KLINK)).isEmpty();
  }

  /** Everything that needs work, more of it than fits a tape. */
  private static byte[] body(Random random) {
    StringBuilder json = new StringBuilder("[ ");
    while (json.length() < 120_000) {
      value(random, 0, json);
      json.append(random.nextBoolean() ? "," : " ,\n");
    }
    return json.append("0 ]").toString().getBytes(UTF_8);
  }

  private static void value(Random random, int depth, StringBuilder json) {
    switch (depth > 4 ? random.nextInt(3) : random.nextInt(6)) {
      case 0 -> json.append(NUMBERS[random.nextInt(NUMBERS.length)]);
      case 1 -> json.append(STRINGS[random.nextInt(STRINGS.length)]);
      case 2 -> json.append(random.nextBoolean() ? "[ ]" : "{}");
      case 3 -> {
        json.append("[1 ");
        for (int i = random.nextInt(6); i > 0; i--) {
          json.append(',');
          value(random, depth + 1, json);
        }
        json.append(']');
      }
      default -> {
        json.append("{ ");
        int count = random.nextInt(8) == 0 ? 700 : 1 + random.nextInt(12);
        int step = 1 + 2 * random.nextInt(500); // odd, so no name comes twice
        for (int i = 0; i < count; i++) {
          json.append(i == 0 ? "" : random.nextBoolean() ? "," : ", ");
          String name = Integer.toString(i * step & 1_023, 36);
          json.append(random.nextInt(4) == 0 ? "\"\\u0061" : "\"a").append(name).append("\" :");
          value(random, count > 12 ? 5 : depth + 1, json);
        }
        json.append('}');
      }
    }
  }

  private static final String[] NUMBERS = {
    "0",
    "-0",
    "1e20",
    "1.50",
    "5e-324",
    "12345678901234567890",
    "1E5",
    "-0.0",
    "1e-7",
    "123456",
    "0.30000000000000004",
    "9007199254740993",
    "1e4"
  };

  private static final String[] STRINGS = {
    "\"\"",
    "\"<&>\"",
    "\"\\/\"",
    "\"\u007f\"",
    "\"\u2028\"",
    "\"\\ud83d\\ude00 é\"",
    "\"plain\"",
    "\"\\u0001\\n\"",
    "\"ស\"",
    "\"" + "long ".repeat(50) + "\""
  };
}
