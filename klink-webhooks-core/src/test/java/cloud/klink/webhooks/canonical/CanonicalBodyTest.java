package cloud.klink.webhooks.canonical;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    "0e5, 0.0, 0",
    "0.00, 0.0, 0"
  })
  void number_writtenAtLength_isPrintedShort(String number, String klink, String go) {
    assertThat(canonical("[" + number + "]", Dialect.KLINK)).isEqualTo("[" + klink + "]");
    assertThat(canonical("[" + number + "]", Dialect.PYTHON_ASCII)).isEqualTo("[" + klink + "]");
    assertThat(canonical("[" + number + "]", Dialect.GO)).isEqualTo("[" + go + "]");
  }

  private static String canonical(String json, Dialect dialect) {
    return CanonicalBody.of(json.getBytes(UTF_8), dialect).text();
  }
}
