package cloud.klink.webhooks.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConformanceCommandTest {
  private static final Path VECTORS = Path.of("../../klink-webhooks-core/canonical-vectors.jsonl");

  /** HMAC-SHA256 of POSThttps://example.com/hook[1] with the key s, as OpenSSL has it. */
  private static final String SIGNATURE =
      "bc4a7f5b3b8495cec752a63371f582c7526cb73dba8871c1ab686559beb0f550";

  private static final String GOOD = vector("\"body\":\"[ 1 ]\"", "[1]", SIGNATURE);
  private static final String BAD = vector("\"body\":\"[ 1 ]\"", "[2]", SIGNATURE);

  @TempDir
  private Path directory;

  private static String vector(String body, String canonicalBody, String signature) {
    return head("klink") + body + ",\"canonical\":\"POSThttps://example.com/hook" + canonicalBody
        + "\",\"signature\":\"" + signature + "\"}\n";
  }

  private static String head(String dialect) {
    return "{\"name\":\"test\",\"dialect\":\"" + dialect
        + "\",\"secret\":\"s\",\"method\":\"post\",\"url\":\"https://example.com/hook\",";
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    }
    return packed.toByteArray();
  }

  private static Run check(String lines) {
    return Run.with().input(lines).run("conformance", "-");
  }

  @Test
  void vectors_ofTheProject_allPass() throws IOException {
    Run run = Run.of("conformance", VECTORS.toString());
    assertThat(run.out())
        .isEqualToIgnoringNewLines(Files.readAllLines(VECTORS).size() + " passed, 0 failed");
    assertThat(run.status()).isZero();
  }

  @Test
  void vectors_packedWithGzip_allPass() throws IOException {
    Path packed = directory.resolve("packed");
    Files.write(packed, gzip(Files.readAllBytes(VECTORS)));
    Run run = Run.of("conformance", packed.toString(), VECTORS.toString());
    assertThat(run.out())
        .isEqualToIgnoringNewLines(2 * Files.readAllLines(VECTORS).size() + " passed, 0 failed");
    assertThat(run.status()).isZero();
  }

  @Test
  void vectors_inManyBatches_areToldInTheirOrder() {
    String lines = IntStream.rangeClosed(1, 5_000)
        .mapToObj(i -> i % 100 == 0 ? BAD : GOOD)
        .collect(Collectors.joining());
    Run run = check(lines);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out().lines().filter(line -> line.startsWith("standard input:")))
        .extracting(line -> Integer.parseInt(line.split(":", -1)[1]))
        .isEqualTo(IntStream.rangeClosed(1, 50).map(i -> i * 100).boxed().toList());
    assertThat(run.out()).endsWith("4950 passed, 50 failed" + System.lineSeparator());
  }

  @Test
  void vector_withAnotherCanonicalString_failsInOneLine() {
    Run run = check(BAD);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out().lines())
        .containsExactly(
            "standard input:1: test (klink): expected canonical …\"://example.com/hook[2]\","
                + " got canonical …\"://example.com/hook[1]\"",
            "0 passed, 1 failed");
  }

  @Test
  void vector_withAnotherSignature_failsWithBoth() {
    Run run = check(vector("\"body\":\"[1]\"", "[1]", "00"));
    assertThat(run.out())
        .contains("expected signature \"00\", got signature \"" + SIGNATURE + "\"");
  }

  @Test
  void vector_thatShouldBeRefused_failsIfItIsNot() {
    Run run = check(head("go") + "\"body\":\"[1]\",\"error\":\"malformed_body\"}");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out())
        .contains("test (go): expected malformed_body, got canonical \"POSThttps:");
  }

  @Test
  void vector_thatShouldNotBeRefused_failsWithTheRule() {
    Run run = check(vector("\"bodyBase64\":\"/w==\"", "[1]", SIGNATURE));
    assertThat(run.out()).contains("expected canonical \"POST", ", got malformed_body (byte 0: ");
  }

  @Test
  void vector_refusedForAnotherReason_fails() {
    Run run = check(head("go") + "\"body\":\"[\",\"error\":\"malformed_url\"}");
    assertThat(run.out()).contains("expected malformed_url, got malformed_body (");
  }

  @Test
  void vector_withLongTextAndControls_isCutAndEscaped() {
    String text = "x".repeat(10_000) + "\\u001b[31m";
    Run run = check(GOOD.replace("\"test\"", "\"" + text + "\"").replace("[1]", "\\u001b" + text));
    assertThat(run.out().lines().findFirst().orElseThrow())
        .hasSizeLessThan(400)
        .contains("\\u001bxxx")
        .doesNotContain("\u001b");
  }

  @Test
  void lines_thatAreBlank_arePassedOver() {
    Run run = check("\n" + GOOD.replace("\n", "\r\n") + " \r\n" + GOOD.strip());
    assertThat(run.out()).isEqualToIgnoringNewLines("2 passed, 0 failed");
  }

  @Test
  void line_thatIsNoVector_endsTheCheckAfterWhatStandsBefore() {
    Run run = check(GOOD + BAD + "{}\n" + BAD);
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).startsWith("standard input:2: ").hasLineCount(1);
    assertThat(run.err()).isEqualToIgnoringNewLines("standard input:3: name: it is missing");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
          "dialect":"klink"            | "dialect":"perl"            | dialect: it must be klink, pyt
          "secret":"s",                |                             | secret: it is missing
          "secret":"s"                 | "secret":""                 | secret: it must have 1 to 1024
          "method":"post"              | "method":7                  | method: it must be a string
          "url":                       | "uri":                      | url: it is missing
          "body":"[ 1 ]"               | "body":"","bodyBase64":""   | body: there must not be a bodyBa
          "body":"[ 1 ]"               | "why":""                    | body: it is missing, and so is b
          "body":"[ 1 ]"               | "body":"\\ud800"            | body: half a surrogate pair
          "body":"[ 1 ]"               | "bodyBase64":"%"            | bodyBase64: it must be Base64
          "signature":                 | "sig":                      | signature: it is missing
          "canonical":                 | "error":"malformed_url","c":| error: there must not be a canon
          "canonical":"                | "canonical":"x","name":"    | Duplicate
          }                            | }}                          | the line must be one JSON object
          {"name"                      | ["name"                     | the line must be one JSON object
          """)
  void line_thatBreaksARule_isNamedWithFieldAndRule(String part, String other, String message) {
    assertThat(GOOD).contains(part);
    Run run = check(GOOD + GOOD.replace(part, other == null ? "" : other));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).startsWith("standard input:2: ").contains(message).hasLineCount(1);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void error_ofAnUnknownCode_isNamed() {
    Run run = check(head("go") + "\"body\":\"\",\"error\":\"malformed\"}");
    assertThat(run.err()).contains("error: it must be one of malformed_method, malformed_url,");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n"})
  void file_withoutVectors_isRefused(String lines) {
    Run run = check(lines);
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).isEqualToIgnoringNewLines("standard input: it holds no vector");
  }

  @Test
  void file_missing_cannotBeRead() {
    Run run = Run.of("conformance", directory.resolve("none").toString());
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).startsWith("cannot read ").contains("there is no such file");
  }

  @Test
  void gzip_cutOff_cannotBeReadButFailuresBeforeAreTold() throws IOException {
    byte[] packed = gzip(BAD.repeat(2_000).getBytes(StandardCharsets.UTF_8));
    byte[] half = Arrays.copyOf(packed, packed.length * 3 / 4);
    Run run = Run.with().input(half).run("conformance", "-");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).isEqualToIgnoringNewLines("cannot read standard input: it is cut off");
    assertThat(run.out()).startsWith("standard input:1: ");
  }

  @Test
  void command_withoutFile_isBadUsage() {
    Run run = Run.of("conformance");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("FILE").hasLineCount(1);
  }
}
