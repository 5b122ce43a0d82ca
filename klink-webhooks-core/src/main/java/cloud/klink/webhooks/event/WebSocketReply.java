package cloud.klink.webhooks.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * A receiver's answer to a {@link WebSocketMessage}: {@code {"ack": <id>}}, or {@code {"nack":
 * <id>, "reason": …}}. Immutable.
 */
public sealed interface WebSocketReply {
  /** The longest reason that is kept, in characters; a longer one is cut. */
  int MAX_REASON_LENGTH = 500;

  /**
   * The id of the delivery that is answered.
   *
   * @return 1 to 200 characters
   */
  String id();

  /**
   * The answer as it is sent.
   *
   * @return one JSON object
   */
  String text();

  /**
   * The delivery was accepted; it counts as a status of 2xx.
   *
   * @param id the delivery's id
   */
  record Ack(String id) implements WebSocketReply {
    /**
     * Checks the id.
     *
     * @param id the delivery's id
     * @throws MalformedEventException if it is empty or longer than 200 characters
     */
    public Ack {
      MessageJson.checkId("ack", id);
    }

    @Override
    public String text() {
      return "{\"ack\":" + MessageJson.quoted(id) + "}";
    }
  }

  /**
   * The delivery was refused; it counts as a failed attempt.
   *
   * @param id the delivery's id
   * @param reason why, for people; cut to {@value WebSocketReply#MAX_REASON_LENGTH} characters
   */
  record Nack(String id, String reason) implements WebSocketReply {
    /**
     * Checks the id and cuts the reason.
     *
     * @param id the delivery's id
     * @param reason why
     * @throws MalformedEventException if the id is empty or longer than 200 characters
     */
    public Nack {
      MessageJson.checkId("nack", id);
      if (reason.length() > MAX_REASON_LENGTH) {
        boolean pair = Character.isHighSurrogate(reason.charAt(MAX_REASON_LENGTH - 1));
        reason = reason.substring(0, pair ? MAX_REASON_LENGTH - 1 : MAX_REASON_LENGTH);
      }
    }

    @Override
    public String text() {
      return "{\"nack\":"
          + MessageJson.quoted(id)
          + ",\"reason\":"
          + MessageJson.quoted(reason)
          + "}";
    }
  }

  /**
   * Reads an answer.
   *
   * @param text the text of one WebSocket message
   * @return an {@link Ack} or a {@link Nack}
   * @throws MalformedEventException if the text is no JSON object, has neither or both of ack and
   *     nack, or a field that is repeated or of the wrong type
   */
  static WebSocketReply parse(String text) {
    String ack = null;
    String nack = null;
    String reason = "";
    try (JsonParser parser = MessageJson.parser(text)) {
      MessageJson.start(parser);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "ack" -> ack = MessageJson.string(parser, field);
          case "nack" -> nack = MessageJson.string(parser, field);
          case "reason" -> reason = MessageJson.string(parser, field);
          default -> parser.skipChildren();
        }
      }
      MessageJson.end(parser);
    } catch (IOException e) {
      throw MessageJson.malformed("answer", "it must be one JSON object, no field twice");
    }
    if (ack != null && nack == null) {
      return new Ack(ack);
    }
    if (ack == null && nack != null) {
      return new Nack(nack, reason);
    }
    throw MessageJson.malformed("answer", "it must have either ack or nack");
  }
}
