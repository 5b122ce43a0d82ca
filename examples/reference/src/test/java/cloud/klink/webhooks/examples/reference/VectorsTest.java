package cloud.klink.webhooks.examples.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("debian")
@Timeout(300)
class VectorsTest {
  private static final Path VECTORS = Path.of("../../klink-webhooks-core/canonical-vectors.jsonl");
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @EnumSource(Language.class)
  void vectors_ofTheLanguagesDialects_allPass(Language language) throws IOException {
    int checked = 0;
    try (VectorsProgram program = VectorsProgram.start(language)) {
      for (String line : Files.readAllLines(VECTORS)) {
        JsonNode vector = JSON.readTree(line);
        if (language.dialects().contains(vector.path("dialect").textValue())) {
          assertThat(program.answer(vector)).as(line).isEqualTo(expected(vector));
          checked++;
        }
      }
    }
    assertThat(checked).isGreaterThan(80);
  }

  private static JsonNode expected(JsonNode vector) {
    ObjectNode expected = JSON.createObjectNode();
    for (String field : List.of("canonical", "signature", "error")) {
      if (vector.has(field)) {
        expected.set(field, vector.get(field));
      }
    }
    return expected;
  }
}
