package cloud.klink.webhooks.examples.reference;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/** A running program of a language that answers each vector with what it makes of it. */
final class VectorsProgram implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;

  private VectorsProgram(Process process) {
    this.process = process;
    this.requests = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), UTF_8));
    this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  static VectorsProgram start(Language language) {
    try {
      return new VectorsProgram(
          language.process(language.program("vectors"), Map.of()).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the language makes of a vector: canonical and signature, or error. */
  JsonNode answer(JsonNode vector) {
    try {
      requests.write(JSON.writeValueAsString(vector));
      requests.newLine();
      requests.flush();
      String line = answers.readLine();
      if (line == null) {
        throw new IllegalStateException("the program ended at " + vector);
      }
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
