package cloud.klink.webhooks.canonical;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.MalformedException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A verifier that was written in Python from the text of CANONICAL.md alone, against this one: if
 * they differ, the text says something else than the code does.
 */
@Tag("debian")
class PythonAgreesTest {
  private static final int REQUESTS = Integer.getInteger("klink.requests", 60_000);
  private static final long SEED = Long.getLong("klink.seed", 20_261_128L);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir
  private Path folder;

  @Test
  void canonicalRequest_of60000RandomRequests_isWhatPythonMakesOfTheText() throws Exception {
    Random random = new Random(SEED);
    List<RandomRequest> requests = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      RandomRequest request = RandomRequest.of(random);
      requests.add(request);
      lines.add(line(request));
    }

    List<String> answers = askPython(lines);

    assertThat(answers).hasSize(REQUESTS);
    int accepted = 0;
    for (int i = 0; i < REQUESTS; i++) {
      RandomRequest request = requests.get(i);
      JsonNode expected = MAPPER.readTree(answers.get(i));
      assertThat(answer(request)).as("request %s: %s", i, lines.get(i)).isEqualTo(expected);
      accepted += expected.has("canonical") ? 1 : 0;
    }
    assertThat(accepted).isBetween(REQUESTS / 5, REQUESTS * 4 / 5);
  }

  private static String line(RandomRequest request) throws IOException {
    return MAPPER.writeValueAsString(MAPPER
        .createObjectNode()
        .put("method", request.method())
        .put("url", request.url())
        .put("body", request.body())
        .put("dialect", request.dialect().id()));
  }

  private static JsonNode answer(RandomRequest request) {
    ObjectNode answer = MAPPER.createObjectNode();
    try {
      CanonicalRequest canonical =
          CanonicalRequest.of(request.method(), request.url(), request.body(), request.dialect());
      return answer.put("canonical", canonical.text());
    } catch (MalformedException e) {
      return answer.put("error", e.reason().code());
    }
  }

  private List<String> askPython(List<String> lines) throws Exception {
    Path in = Files.write(folder.resolve("requests"), lines, UTF_8);
    Path out = folder.resolve("answers");
    Process python = new ProcessBuilder("python3", "src/test/python/canonical.py")
        .redirectInput(in.toFile())
        .redirectOutput(out.toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    try {
      assertThat(python.waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(python.exitValue()).isZero();
    } finally {
      python.destroyForcibly();
    }
    return Files.readAllLines(out, UTF_8);
  }
}
