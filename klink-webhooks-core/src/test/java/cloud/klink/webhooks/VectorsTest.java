package cloud.klink.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.canonical.CanonicalRequest;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.signature.Signature;
import cloud.klink.webhooks.signature.SigningSecret;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The published vectors, which were made with Python and Go and not with this project. */
class VectorsTest {

  private static final List<JsonNode> VECTORS = read();

  @Test
  void vectors_read_areAllThere() {
    assertThat(VECTORS).hasSize(187);
    assertThat(VECTORS.stream().map(VectorsTest::title)).doesNotHaveDuplicates();
  }

  @TestFactory
  Stream<DynamicTest> vector_canonicalized_isAsExpected() {
    return VECTORS.stream()
        .map(vector -> DynamicTest.dynamicTest(title(vector), () -> {
          if (vector.has("error")) {
            assertRefused(vector);
          } else {
            assertSigned(vector);
          }
        }));
  }

  private static void assertRefused(JsonNode vector) {
    assertThatThrownBy(() -> request(vector))
        .as(vector.get("why").textValue())
        .isInstanceOfSatisfying(
            WebhookException.class,
            e -> assertThat(e.reason().code()).isEqualTo(vector.get("error").textValue()));
  }

  private static void assertSigned(JsonNode vector) {
    CanonicalRequest request = request(vector);
    String canonical = vector.get("canonical").textValue();
    assertThat(request.text()).as(vector.get("why").textValue()).isEqualTo(canonical);
    assertThat(request.toBytes()).isEqualTo(canonical.getBytes(UTF_8));

    SigningSecret secret = SigningSecret.of(vector.get("secret").textValue());
    String signature = vector.get("signature").textValue();
    assertThat(secret.sign(request).hex()).isEqualTo(signature);
    assertThat(secret.verifies(request, Signature.parse(signature))).isTrue();
  }

  private static CanonicalRequest request(JsonNode vector) {
    byte[] body = vector.has("body")
        ? vector.get("body").textValue().getBytes(UTF_8)
        : Base64.getDecoder().decode(vector.get("bodyBase64").textValue());
    return CanonicalRequest.of(
        vector.get("method").textValue(),
        vector.get("url").textValue(),
        body,
        Dialect.ofId(vector.get("dialect").textValue()));
  }

  private static String title(JsonNode vector) {
    return vector.get("name").textValue() + " (" + vector.get("dialect").textValue() + ")";
  }

  private static List<JsonNode> read() {
    ObjectMapper mapper = new ObjectMapper();
    List<JsonNode> vectors = new ArrayList<>();
    try (InputStream in = VectorsTest.class.getResourceAsStream("/canonical-vectors.jsonl");
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        vectors.add(mapper.readTree(line));
      }
    } catch (IOException e) {
      throw new IllegalStateException("The vectors cannot be read", e);
    }
    return List.copyOf(vectors);
  }
}
