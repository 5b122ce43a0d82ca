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

/**
 * Payloads with every field of the examples in AWS's documentation ("Create AWS Lambda proxy
 * integrations for HTTP APIs"), and a signed event as their body. No live function recorded them.
 */
class LambdaFunctionTest {
  private final List<String> handled = new ArrayList<>();
  private final LambdaFunction function =
      new LambdaFunction(WebhookReceiver.builder(WebhookVerifier.builder()
              .publicUrl(
                  "https://api.example.com/prod/webhooks/klink?env=production&tag=a&tag=b%20c")
              .secret(SigningSecret.of("whsec_only_for_these_tests"))
              .build())
          .otherwise(webhook -> handled.add(webhook.event().id().orElseThrow()))
          .build());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lambda-1.0.json",
        "lambda-1.0-base64.json",
        "lambda-2.0.json",
        "lambda-2.0-base64.json"
      })
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

  @ParameterizedTest
  @ValueSource(strings = {"lambda-1.0-base64.json", "lambda-2.0-base64.json"})
  void payload_base64TakenForText_isRefused(String file) throws IOException {
    String mistaken =
        payload(file).replace("\"isBase64Encoded\": true", "\"isBase64Encoded\": false");

    assertThat(call(mistaken).path("statusCode").asInt()).isEqualTo(400);
    assertThat(handled).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "env=production&tag=a",
        "env=production&tag=a%2Cb%20c",
        "env=production&tag=a&tag=b%2520c",
        "env=production&tag=a&tag=b%20c&tag=d",
        ""
      })
  void format2_otherParametersInRawQueryString_areRefused(String query) throws IOException {
    String other = payload("lambda-2.0.json").replace("env=production&tag=a&tag=b%20c", query);

    assertThat(call(other).path("body").asText()).contains("wrong_query");
  }

  @Test
  void format2_rawQueryStringSpelledOtherwise_isHandled() throws IOException {
    String spelled = payload("lambda-2.0.json")
        .replace("env=production&tag=a&tag=b%20c", "tag=a&env=%70roduction&tag=b+c");

    assertThat(call(spelled).path("statusCode").asInt()).isEqualTo(200);
  }

  @Test
  void format1_twoSignatures_isRefused() throws IOException {
    String twice = payload("lambda-1.0.json")
        .replaceFirst("(?s)\"X-Signature\": \\[\\s*\"", "\"X-Signature\": [\"00\", \"");

    assertThat(call(twice).path("body").asText()).contains("repeated_signature");
  }

  @Test
  void format2_twoSignatures_areJoinedByACommaAndRefused() throws IOException {
    String twice =
        payload("lambda-2.0.json").replaceFirst("\"x-signature\": \"", "\"x-signature\": \"00,");

    assertThat(call(twice).path("body").asText()).contains("signature_length");
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
