package cloud.klink.webhooks.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The zip, installed: the start script, the one jar and the completion. */
@Timeout(120)
class InstalledTest {
  private static final Path ZIP = Path.of("target", "klink-webhooks.zip");

  @TempDir
  private static Path directory;

  private static Path script;

  @BeforeAll
  static void install() throws IOException {
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(ZIP))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = directory.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(file);
        } else {
          Files.createDirectories(file.getParent());
          Files.copy(zip, file);
        }
      }
    }
    Path installed = directory.resolve("klink-webhooks/bin/klink-webhooks");
    // Java's unzipping drops the mode, which the zip has: see the last test.
    assertThat(installed.toFile().setExecutable(true)).isTrue();
    script = Files.createSymbolicLink(directory.resolve("link"), installed);
  }

  private static Process start(String... command) throws IOException {
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static String run(int status, String... command) throws Exception {
    Process process = start(command);
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isEqualTo(status);
    return output;
  }

  @Test
  void script_throughALink_runsTheJar() throws Exception {
    assertThat(run(0, script.toString(), "--version")).startsWith("klink-webhooks 0.");
    assertThat(run(0, script.toString(), "send", "--list").lines()).hasSize(6);
    assertThat(run(2, script.toString(), "singn")).contains("did you mean sign?");
  }

  @Test
  void listen_overHttpAndWebSocket_receivesWhatIsSent() throws Exception {
    for (String option : List.of("--path=/hook", "--websocket")) {
      Process listener = start(
          script.toString(), "listen", "--port", "0", "--count", "1", "--secret", "s", option);
      try (BufferedReader output =
          new BufferedReader(new InputStreamReader(listener.getInputStream(), UTF_8))) {
        String url = output.readLine().replace("listening at ", "");
        assertThat(run(0, script.toString(), "send", "--url", url, "--secret", "s"))
            .startsWith("contact.created  ");
        assertThat(output.lines()).anyMatch(line -> line.startsWith("verified: "));
        assertThat(listener.waitFor()).isZero();
      } finally {
        listener.destroyForcibly();
      }
    }
  }

  @Test
  void completion_inBash_isLoadedAndCompletesCommands() throws Exception {
    Path completion = directory.resolve("klink-webhooks/completion/klink-webhooks");
    assertThat(Files.readString(completion)).isEqualTo(run(0, script.toString(), "completion"));
    String program =
        "source '" + completion + "' && complete -p klink-webhooks && COMP_WORDS=(klink-webhooks"
            + " do) COMP_CWORD=1 && _complete_klink-webhooks && echo \"${COMPREPLY[@]}\"";
    assertThat(run(0, "bash", "-c", program))
        .contains("-F _complete_klink-webhooks")
        .endsWith("doctor\n");
  }

  @Test
  void zip_asItIs_hasAnExecutableScriptOneJarAndLicence() throws Exception {
    try (InputStream in = Files.newInputStream(ZIP)) {
      assertThat(in.readAllBytes().length).isLessThan(20 << 20);
    }
    Map<String, String> posix = Map.of("enablePosixFileAttributes", "true");
    try (FileSystem zip = FileSystems.newFileSystem(ZIP, posix);
        Stream<Path> files = Files.walk(zip.getPath("/klink-webhooks"))) {
      Path start = zip.getPath("/klink-webhooks/bin/klink-webhooks");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(start)))
          .isEqualTo("rwxr-xr-x");
      assertThat(files.filter(Files::isRegularFile).map(Path::toString))
          .containsExactlyInAnyOrder(
              "/klink-webhooks/LICENSE",
              "/klink-webhooks/README.md",
              "/klink-webhooks/bin/klink-webhooks",
              "/klink-webhooks/bin/klink-webhooks.bat",
              "/klink-webhooks/completion/klink-webhooks",
              "/klink-webhooks/lib/klink-webhooks.jar");
    }
  }

  /** It cannot be run here: that its lines end as Windows wants is all that is tested. */
  @Test
  void startScript_forWindows_hasLinesThatEndWithBothCharacters() throws Exception {
    String batch = Files.readString(directory.resolve("klink-webhooks/bin/klink-webhooks.bat"));
    assertThat(batch).startsWith("@echo off\r\n").doesNotContainPattern("[^\r]\n");
    assertThat(batch.lines().filter(line -> line.matches("(goto|.*\\bgoto) \\w+")))
        .allMatch(line -> batch.contains("\n:" + line.replaceFirst(".*goto ", "") + "\r"));
  }
}
