package cloud.klink.webhooks.event;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.internal.ReadLimits;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The envelope in JSON. */
final class EventJson {
  /** Names and strings may be as long as the body, which has a limit of its own. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder().streamReadConstraints(ReadLimits.ofBoundedText()).build();

  private static final ObjectMapper MAPPER = new ObjectMapper(FACTORY)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  private EventJson() {}

  static Event read(byte[] json) {
    JsonNode envelope = object(json);
    return new Event(
        new EventName(string(envelope, "event")),
        EventTimestamp.read(envelope.get("timestamp")),
        id(envelope.get("id")),
        data(envelope));
  }

  private static JsonNode object(byte[] json) {
    JsonNode envelope = parse("body", text("body", json));
    if (!envelope.isObject()) {
      throw Malformed.event("body", "an event must be a JSON object");
    }
    return envelope;
  }

  /** From text, since from bytes Jackson would guess the encoding. */
  static String text(String field, byte[] utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw Malformed.event(field, "it must be UTF-8");
    }
  }

  /** Reads JSON of whatever kind. */
  static JsonNode parse(String field, String json) {
    try {
      JsonNode node = MAPPER.readTree(json);
      if (node.isMissingNode()) {
        throw Malformed.event(field, "it must be JSON, and is empty");
      }
      return node;
    } catch (JsonProcessingException e) {
      // Jackson's exception quotes the input, so it is no cause to hand on.
      throw Malformed.event(field, "it must be JSON: " + e.getClass().getSimpleName());
    }
  }

  /** Prints data as it is, without the rules of the wire. */
  static String print(JsonNode data) {
    return data.toString();
  }

  private static String string(JsonNode envelope, String field) {
    JsonNode value = envelope.get(field);
    if (value == null || !value.isTextual()) {
      throw Malformed.event(field, value == null ? "it is missing" : "it must be a string");
    }
    return value.textValue();
  }

  private static @Nullable String id(@Nullable JsonNode id) {
    if (id == null || !(id.isTextual() || id.isIntegralNumber()) || id.asText().isEmpty()) {
      return null;
    }
    return id.asText();
  }

  private static JsonNode data(JsonNode envelope) {
    JsonNode data = envelope.get("data");
    if (data == null) {
      throw Malformed.event("data", "it is missing");
    }
    return data;
  }

  /** A copy that shares nothing with a tree, of which only plain JSON can be copied. */
  static JsonNode copy(JsonNode data) {
    Deque<JsonNode> left = new ArrayDeque<>();
    left.push(data);
    while (!left.isEmpty()) {
      JsonNode node = left.pop();
      if (node.isPojo() || node.isBinary()) {
        throw Malformed.event(
            "data", "it must hold plain JSON; mapper.valueToTree makes that of other objects");
      }
      node.forEach(left::push);
    }
    return data.deepCopy();
  }

  static CanonicalBody write(Event event) {
    ByteArrayOutputStream json = new ByteArrayOutputStream(1_024);
    try (JsonGenerator generator = WireGenerator.create(MAPPER, json)) {
      generator.writeStartObject();
      generator.writeStringField("event", event.name().value());
      generator.writeStringField("timestamp", event.wireTimestamp());
      if (event.id().isPresent()) {
        generator.writeStringField("id", event.id().get());
      }
      generator.writeFieldName("data");
      generator.writeTree(event.sharedData());
      generator.writeEndObject();
    } catch (IOException e) {
      throw Malformed.event("data", "it must be printable as JSON", e);
    }
    try {
      return CanonicalBody.of(json.toByteArray(), Dialect.KLINK);
    } catch (MalformedException e) {
      throw Malformed.event("data", "it must have a canonical form", e);
    }
  }
}
