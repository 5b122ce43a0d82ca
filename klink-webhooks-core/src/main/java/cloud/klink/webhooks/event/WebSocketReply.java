package cloud.klink.webhooks.event;

import cloud.klink.webhooks.MalformedException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Objects;

/**
 * A receiver's answer to a {@link WebSocketMessage}: {@code {"ack": <id>}}, or {@code {"nack":
 * <id>, "reason": …}}. Immutable and safe for use by many threads.
 */
public final class WebSocketReply {
  /** The longest reason that is kept, in characters; a longer one is cut. */
  public static final int MAX_REASON_LENGTH = 500;

  private final boolean isAck;
  private final String id;
  private final String reason;

  private WebSocketReply(boolean isAck, String id, String reason) {
    this.isAck = isAck;
    this.id = MessageJson.checkId(isAck ? "ack" : "nack", id);
    this.reason = reason;
  }

  /**
   * The delivery was accepted; it counts as a status of 2xx.
   *
   * @param id the delivery's id
   * @return an acknowledgement
   * @throws MalformedException if the id is empty or longer than 200 characters
   */
  public static WebSocketReply ack(String id) {
    return new WebSocketReply(true, id, "");
  }

  /**
   * The delivery was refused; it counts as a failed attempt.
   *
   * @param id the delivery's id
   * @param reason why, for people; cut to {@value #MAX_REASON_LENGTH} characters
   * @return a refusal
   * @throws MalformedException if the id is empty or longer than 200 characters
   */
  public static WebSocketReply nack(String id, String reason) {
    return new WebSocketReply(false, id, cut(reason));
  }

  private static String cut(String reason) {
    if (reason.length() <= MAX_REASON_LENGTH) {
      return reason;
    }
    boolean pair = Character.isHighSurrogate(reason.charAt(MAX_REASON_LENGTH - 1));
    return reason.substring(0, pair ? MAX_REASON_LENGTH - 1 : MAX_REASON_LENGTH);
  }

  /**
   * Whether the delivery was accepted.
   *
   * @return true for an acknowledgement, false for a refusal
   */
  public boolean isAck() {
    return isAck;
  }

  /**
   * The id of the delivery that is answered.
   *
   * @return 1 to 200 characters
   */
  public String id() {
    return id;
  }

  /**
   * Why the delivery was refused, for people.
   *
   * @return at most {@value #MAX_REASON_LENGTH} characters; empty if no reason was given, and for
   *     an acknowledgement
   */
  public String reason() {
    return reason;
  }

  /**
   * The answer as it is sent.
   *
   * @return one JSON object
   */
  public String text() {
    return isAck
        ? "{\"ack\":" + MessageJson.quoted(id) + "}"
        : "{\"nack\":" + MessageJson.quoted(id) + ",\"reason\":" + MessageJson.quoted(reason) + "}";
  }

  /**
   * Reads an answer.
   *
   * @param text the text of one WebSocket message
   * @return an acknowledgement or a refusal
   * @throws MalformedException if the text is not a JSON object, has neither or both of ack and
   *     nack, or has a field that is repeated or of the wrong type
   */
  public static WebSocketReply parse(String text) {
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
      throw Malformed.message("answer", "it must be one JSON object, no field twice");
    }
    if (ack != null && nack == null) {
      return ack(ack);
    }
    if (ack == null && nack != null) {
      return nack(nack, reason);
    }
    throw Malformed.message("answer", "it must have either ack or nack");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WebSocketReply reply
        && isAck == reply.isAck
        && id.equals(reply.id)
        && reason.equals(reply.reason);
  }

  @Override
  public int hashCode() {
    return Objects.hash(isAck, id, reason);
  }

  /** The answer as it is sent. */
  @Override
  public String toString() {
    return text();
  }
}
