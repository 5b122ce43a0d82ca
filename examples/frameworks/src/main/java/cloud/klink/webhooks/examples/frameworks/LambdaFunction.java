package cloud.klink.webhooks.examples.frameworks;

import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.receive.ReceiverResponse;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A function behind AWS's API Gateway or function URL, payload format 1.0 or 2.0. Its method has
 * the form that the runtime calls without a library of AWS's.
 */
final class LambdaFunction {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final WebhookReceiver receiver;

  LambdaFunction(WebhookReceiver receiver) {
    this.receiver = receiver;
  }

  void handle(InputStream in, OutputStream out) throws IOException {
    JsonNode payload = JSON.readTree(in);
    boolean second = payload.path("version").asText().equals("2.0");
    ReceiverResponse answer = receiver.receive(second ? format2(payload) : format1(payload));
    ObjectNode response = JSON.createObjectNode()
        .put("statusCode", answer.status())
        .put("isBase64Encoded", false)
        .put("body", new String(answer.body(), StandardCharsets.UTF_8));
    ObjectNode headers = response.putObject("headers");
    answer.headers().forEach(headers::put);
    JSON.writeValue(out, response);
  }

  /** The raw query is not in this format, so none is compared; the signature covers it. */
  private static IncomingRequest format1(JsonNode payload) {
    IncomingRequest.Builder request =
        IncomingRequest.builder().method(payload.path("httpMethod").asText()).body(body(payload));
    payload
        .path("multiValueHeaders")
        .properties()
        .forEach(header ->
            header.getValue().forEach(value -> request.header(header.getKey(), value.asText())));
    return request.build();
  }

  /** Several header lines of one name come as one here, joined by commas. */
  private static IncomingRequest format2(JsonNode payload) {
    String query = payload.path("rawQueryString").asText();
    IncomingRequest.Builder request = IncomingRequest.builder()
        .method(payload.path("requestContext").path("http").path("method").asText())
        .target(payload.path("rawPath").asText() + (query.isEmpty() ? "" : "?" + query))
        .body(body(payload));
    payload
        .path("headers")
        .properties()
        .forEach(header -> request.header(header.getKey(), header.getValue().asText()));
    return request.build();
  }

  private static byte[] body(JsonNode payload) {
    String body = payload.path("body").asText("");
    return payload.path("isBase64Encoded").asBoolean()
        ? Base64.getDecoder().decode(body)
        : body.getBytes(StandardCharsets.UTF_8);
  }
}
