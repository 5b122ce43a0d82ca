package cloud.klink.webhooks.event;

import cloud.klink.webhooks.signature.MalformedSignatureException;
import cloud.klink.webhooks.signature.Signature;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A delivery over a WebSocket: one text message {@code {"id": …, "signature": …, "body": …}}. It is
 * signed as the request {@code POST} to the endpoint's URL would be (CANONICAL.md, section
 * "WebSocket"). Immutable.
 */
public final class WebSocketMessage {
  private final String id;
  private final Signature signature;
  private final byte[] body;

  private WebSocketMessage(String id, Signature signature, byte[] body) {
    this.id = id;
    this.signature = signature;
    this.body = body;
  }

  /**
   * A message to be sent.
   *
   * @param id the delivery's id, 1 to 200 characters
   * @param signature of the request {@code POST} to the endpoint's URL with that body
   * @param body a canonical body, not empty; it is copied
   * @return the message
   * @throws MalformedEventException if the id is empty or too long, or the body empty
   */
  public static WebSocketMessage of(String id, Signature signature, byte[] body) {
    MessageJson.checkId("id", id);
    if (body.length == 0) {
      throw MessageJson.malformed("body", "it must not be empty");
    }
    return new WebSocketMessage(id, signature, body.clone());
  }

  /**
   * Reads a message. The body is taken as it stands in the text; whether it is canonical or even
   * well-formed in every respect is the verifier's to say.
   *
   * @param text the text of one WebSocket message
   * @return the message
   * @throws MalformedEventException if the text is no JSON object, a field is missing, repeated or
   *     of the wrong type, or the signature is not 64 lower-case hex digits
   */
  public static WebSocketMessage parse(String text) {
    String id = null;
    String signature = null;
    byte[] body = null;
    try (JsonParser parser = MessageJson.parser(text)) {
      MessageJson.start(parser);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "id" -> id = MessageJson.string(parser, field);
          case "signature" -> signature = MessageJson.string(parser, field);
          case "body" -> body = slice(parser, text);
          default -> parser.skipChildren();
        }
      }
      MessageJson.end(parser);
    } catch (IOException e) {
      throw MessageJson.malformed("message", "it must be one JSON object, no field twice");
    }
    if (body == null) {
      throw MessageJson.malformed("body", "it is missing");
    }
    return new WebSocketMessage(MessageJson.checkId("id", id), signature(signature), body);
  }

  /**
   * Reads the id of a text that may be no message otherwise, so that it can be answered.
   *
   * @param text the text of one WebSocket message
   * @return empty if the text is no JSON object, a field is repeated, or there is no id of 1 to 200
   *     characters
   */
  public static Optional<String> findId(String text) {
    String id = null;
    try (JsonParser parser = MessageJson.parser(text)) {
      MessageJson.start(parser);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean isId = parser.currentName().equals("id");
        parser.nextToken();
        if (isId) {
          id = MessageJson.string(parser, "id");
        } else {
          parser.skipChildren();
        }
      }
      MessageJson.end(parser);
      return Optional.of(MessageJson.checkId("id", id));
    } catch (IOException | MalformedEventException e) {
      return Optional.empty();
    }
  }

  private static byte[] slice(JsonParser parser, String text) throws IOException {
    int from = (int) parser.currentTokenLocation().getCharOffset();
    parser.skipChildren();
    parser.finishToken();
    int to = (int) parser.currentLocation().getCharOffset();
    return text.substring(from, to).getBytes(StandardCharsets.UTF_8);
  }

  private static Signature signature(@Nullable String hex) {
    if (hex == null) {
      throw MessageJson.malformed("signature", "it is missing");
    }
    try {
      return Signature.parse(hex);
    } catch (MalformedSignatureException e) {
      throw MessageJson.malformed("signature", "it must be 64 lower-case hex digits");
    }
  }

  /**
   * The delivery's id, which the answer must name.
   *
   * @return 1 to 200 characters
   */
  public String id() {
    return id;
  }

  /**
   * The signature.
   *
   * @return as it came, or as it is to be sent
   */
  public Signature signature() {
    return signature;
  }

  /**
   * The event.
   *
   * @return JSON in UTF-8, a new array for each call
   */
  public byte[] body() {
    return body.clone();
  }

  /**
   * The message as it is sent.
   *
   * @return one JSON object
   */
  public String text() {
    return "{\"id\":"
        + MessageJson.quoted(id)
        + ",\"signature\":\""
        + signature.hex()
        + "\",\"body\":"
        + new String(body, StandardCharsets.UTF_8)
        + "}";
  }

  /** Tells the id and the length of the body. */
  @Override
  public String toString() {
    return "WebSocketMessage[" + id + ", " + body.length + " bytes]";
  }
}
