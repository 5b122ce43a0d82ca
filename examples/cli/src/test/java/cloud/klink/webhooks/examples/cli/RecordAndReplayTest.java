package cloud.klink.webhooks.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RecordAndReplayTest {
  private final ExecutorService executor = Executors.newSingleThreadExecutor();

  @TempDir
  private Path directory;

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  /** All samples, signed for the URL that they were sent to. */
  private Path record(String secret) throws Exception {
    Path file = directory.resolve("requests.jsonl");
    Listener recorder = Listener.run(
        executor, "record", file.toString(), "--port", "0", "--count", "6", "--status", "202");
    Run sent = Run.of(
        "send",
        "--url",
        recorder.url() + "hook",
        "--secret",
        secret,
        "--all",
        "-H",
        "X-Api-Key: token");
    assertThat(sent.out().lines()).hasSize(6).allMatch(line -> line.contains("  202 in "));
    assertThat(recorder.status()).isZero();
    return file;
  }

  @Test
  void recording_isPrivateAndHoldsNoCredentials() throws Exception {
    Path file = record("right");
    assertThat(Files.readAllLines(file)).hasSize(6).noneMatch(line -> line.contains("token"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void headers_all_areKeptIfThatIsAskedFor() throws Exception {
    Path file = directory.resolve("all.jsonl");
    Listener recorder = Listener.run(
        executor, "record", file.toString(), "--port", "0", "--count", "1", "--all-headers");
    Run.of("send", "--url", recorder.url(), "--secret", "s", "-H", "X-Api-Key: token");
    assertThat(recorder.status()).isZero();
    assertThat(file).content().contains("token");
  }

  @Test
  void requests_replayed_areThoseThatWereRecorded() throws Exception {
    Path file = record("right");
    try (TestServer server = TestServer.of(request -> TestServer.Answer.of(200))) {
      Run replayed = Run.of("replay", file.toString(), "--url", server.url("/other"));
      assertThat(replayed.status()).isZero();
      assertThat(replayed.out().lines()).hasSize(6).allMatch(line -> line.contains("  200 in "));
      assertThat(server.arrived())
          .extracting(request -> request.header("X-Klink-Event"))
          .containsExactlyInAnyOrder(
              "contact.created",
              "contact.updated",
              "message.inbound",
              "message.outbound",
              "message.comment",
              "room.solved");
      assertThat(server.arrived()).allMatch(request -> request.body().contains("\"event\""));
    }
  }

  @Test
  void requests_signedAnew_areVerified() throws Exception {
    Path file = record("another");
    Listener listener = Listener.start(executor, "--count", "6");
    Run replayed =
        Run.of("replay", file.toString(), "--url", listener.url(), "--sign", "--secret", "right");
    assertThat(replayed.out().lines()).hasSize(6).allMatch(line -> line.contains("  204 in "));
    assertThat(listener.status()).isZero();
  }

  @Test
  void requests_notAcknowledged_fail() throws Exception {
    Path file = record("right");
    try (TestServer server = TestServer.of(request -> TestServer.Answer.of(500))) {
      Run replayed = Run.of("replay", file.toString(), "--url", server.url("/"));
      assertThat(replayed.status()).isEqualTo(1);
      assertThat(replayed.err()).isEqualToIgnoringNewLines("6 of 6 not answered with 2xx");
    }
  }

  @Test
  void file_thatExists_isNotOverwritten() throws IOException {
    Path file = Files.writeString(directory.resolve("mine"), "mine");
    Run run = Run.of("record", file.toString(), "--port", "0");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("exists already");
    assertThat(file).hasContent("mine");
  }

  @Test
  void line_thatIsNoRequest_isNamed() throws IOException {
    Path file = Files.writeString(directory.resolve("broken"), "{\"method\":\"POST\"}\n");
    Run run = Run.of("replay", file.toString(), "--url", "http://127.0.0.1:9/");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("broken:1: target is missing").hasLineCount(1);
  }

  @Test
  void body_overTheLimit_isReadToItsEndAndNotRecorded() throws Exception {
    Path file = directory.resolve("long.jsonl");
    Listener recorder =
        Listener.run(executor, "record", file.toString(), "--port", "0", "--count", "1");
    assertThat(LongBody.send(recorder.url(), 22 << 20)).startsWith("HTTP/1.1 413 ");
    assertThat(recorder.printed()).contains("too long to be recorded");
    assertThat(file).isEmptyFile();
  }

  @Test
  void file_inAFolderThatIsMissing_isToldOnce() {
    Path file = directory.resolve("missing").resolve("requests.jsonl");
    Run run = Run.of("record", file.toString(), "--port", "0");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err().strip()).isEqualTo("cannot write " + file + ": there is no such folder");
  }
}
