package cloud.klink.webhooks.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command line in a process of its own. */
@Timeout(60)
class ProcessTest {
  private static final String FAILING_VECTOR =
      "{\"name\":\"test\",\"dialect\":\"klink\",\"secret\":\"s\",\"method\":\"POST\","
          + "\"url\":\"http://x/\",\"body\":\"\",\"canonical\":\"\",\"signature\":\"\"}\n";

  @TempDir
  private Path directory;

  private static Process start(String... args) throws IOException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        Main.class.getName()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command).start();
  }

  @Test
  void help_thatIsPiped_hasNoColour() throws Exception {
    Process process = start("--help");
    String help = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(help).contains("Commands:").doesNotContain("\u001b");
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void output_thatNobodyReads_endsTheProcess() throws Exception {
    Path vectors = directory.resolve("vectors");
    Files.writeString(vectors, FAILING_VECTOR.repeat(200_000));
    Process process = start("conformance", vectors.toString());
    try {
      assertThat(process.getInputStream().read()).isEqualTo('/');
      process.getInputStream().close();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(141);
      assertThat(process.getErrorStream().readAllBytes()).isEmpty();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void listener_whosePipeIsClosed_endsAtTheNextRequest() throws Exception {
    Process process = start("listen", "--port", "0", "--secret", "s");
    try {
      String url = process.inputReader(UTF_8).readLine().replace("listening at ", "");
      process.getInputStream().close();
      Run.of("send", "--url", url, "--secret", "s");
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(141);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void standardInput_ofAnotherProcess_isRead() throws Exception {
    Process process = start("canonical", "--url", "https://example.com/hook");
    try (OutputStream in = process.getOutputStream()) {
      in.write("{\"b\": 1, \"a\": \"ខ្មែរ\"}".getBytes(UTF_8));
    }
    assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
        .isEqualToIgnoringNewLines("POSThttps://example.com/hook{\"a\":\"ខ្មែរ\",\"b\":1}");
  }
}
