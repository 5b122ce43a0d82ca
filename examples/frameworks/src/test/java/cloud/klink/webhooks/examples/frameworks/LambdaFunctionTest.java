package cloud.klink.webhooks.examples.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Payloads in the form that AWS documents, with a signed event; they were not recorded on AWS. */
class LambdaFunctionTest {
  private final List<String> handled = new ArrayList<>();
  private final LambdaFunction function =
      new LambdaFunction(WebhookReceiver.builder(WebhookVerifier.builder()
              .publicUrl("https://api.example.com/prod/webhooks/klink?env=production")
              .secret(SigningSecret.of("whsec_only_for_these_tests"))
              .build())
          .otherwise(webhook -> handled.add(webhook.event().id().orElseThrow()))
          .build());

  @ParameterizedTest
  @ValueSource(strings = {"lambda-1.0.json", "lambda-1.0-base64.json", "lambda-2.0.json"})
  void payload_signed_isHandled(String file) throws IOException {
    assertThat(call(payload(file)).path("statusCode").asInt()).isEqualTo(200);
    assertThat(handled).containsExactly("evt_1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lambda-1.0.json", "lambda-2.0.json"})
  void payload_tampered_isRefused(String file) throws IOException {
    String tampered = payload(file).replace("hello", "goodbye");

    assertThat(call(tampered).path("statusCode").asInt()).isEqualTo(401);
    assertThat(handled).isEmpty();
  }

  @Test
  void format2_lostQuery_isRefused() throws IOException {
    String lost = payload("lambda-2.0.json").replace("\"env=production\"", "\"\"");

    assertThat(call(lost).path("body").asText()).contains("wrong_query");
  }

  @Test
  void format1_twoSignatures_isRefused() throws IOException {
    String twice = payload("lambda-1.0.json")
        .replaceFirst("(?s)\"X-Signature\": \\[\\s*\"", "\"X-Signature\": [\"00\", \"");

    assertThat(call(twice).path("body").asText()).contains("repeated_signature");
  }

  private JsonNode call(String payload) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    function.handle(new ByteArrayInputStream(payload.getBytes(StandardCharsets.UTF_8)), out);
    return new ObjectMapper().readTree(out.toByteArray());
  }

  private static String payload(String file) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(LambdaFunctionTest.class.getResourceAsStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
