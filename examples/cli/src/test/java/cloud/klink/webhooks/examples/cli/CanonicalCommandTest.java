package cloud.klink.webhooks.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CanonicalCommandTest {
  @TempDir
  private Path directory;

  @Test
  void canonical_ofStandardInput_isPrintedWithALineBreak() {
    Run run = Run.with()
        .input("{\"b\": 1.0, \"a\": \"ខ្មែរ\"}")
        .run("canonical", "--url", "HTTPS://Example.com:443/hook?b=2&a=1&b=10");
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .isEqualTo("POSThttps://example.com/hooka=[1]&b=[10 2]{\"a\":\"ខ្មែរ\",\"b\":1.0}\n");
  }

  @Test
  void canonical_withoutNewline_isExact() {
    Run run = Run.with().input("[]").run("canonical", "-n", "--url", Run.URL, "-");
    assertThat(run.out()).isEqualTo("POSThttps://example.com/hook[]");
  }

  @Test
  void canonical_inAnotherDialect_isPrintedInIt() {
    Run run = Run.with()
        .input("\"é\"")
        .run("canonical", "-n", "-X", "put", "--dialect", "python-ascii", "--url", Run.URL);
    assertThat(run.out()).isEqualTo("PUThttps://example.com/hook\"\\u00e9\"");
  }

  @Test
  void canonical_ofAFile_isPrinted() throws IOException {
    Path body = Files.writeString(directory.resolve("body.json"), "[ 1 ]");
    Run run = Run.of("canonical", "-n", "--url", Run.URL, body.toString());
    assertThat(run.out()).isEqualTo("POSThttps://example.com/hook[1]");
  }

  @Test
  void canonical_ofNoBody_endsWithTheUrl() {
    assertThat(Run.of("canonical", "-n", "--url", Run.URL).out())
        .isEqualTo("POSThttps://example.com/hook");
  }

  @Test
  void canonical_ofAMalformedBody_isRefusedInOneLine() {
    Run run = Run.with().input("{\"a\": 1, \"b\": tru}").run("canonical", "--url", Run.URL);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("malformed_body: byte 1").hasLineCount(1);
  }

  @Test
  void canonical_ofAMalformedUrl_isRefused() {
    Run run = Run.of("canonical", "--url", "/hook");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).startsWith("malformed_url: it must");
  }

  @Test
  void canonical_ofAMalformedMethod_isRefused() {
    Run run = Run.of("canonical", "--url", Run.URL, "--method", "a b");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).startsWith("malformed_method: the character");
  }

  @Test
  void canonical_withoutUrl_isBadUsage() {
    Run run = Run.of("canonical");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("'--url=URL'").hasLineCount(1);
  }

  @Test
  void canonical_inAnUnknownDialect_isBadUsage() {
    Run run = Run.of("canonical", "--url", Run.URL, "--dialect", "perl");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .contains("\"perl\" is no dialect; use klink, python-ascii, go or go-number");
  }

  @Test
  void canonical_ofAMissingFile_cannotBeRead() {
    Path body = directory.resolve("none.json");
    Run run = Run.of("canonical", "--url", Run.URL, body.toString());
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .isEqualToIgnoringNewLines("cannot read " + body + ": there is no such file");
  }

  @Test
  void canonical_ofADirectory_cannotBeRead() {
    Run run = Run.of("canonical", "--url", Run.URL, directory.toString());
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).endsWith("it is a directory" + System.lineSeparator());
  }
}
