package cloud.klink.webhooks.event;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.signature.Signature;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a WebSocket message. The text is not authenticated yet, so nothing but two short
 * strings is kept of it. Unknown fields are skipped.
 */
final class MessageFields {
  @Nullable
  String id;

  @Nullable
  String signature;

  /** Where the body starts and ends in the text, in characters; 0 and 0 if there is none. */
  int bodyStart;

  int bodyEnd;

  private MessageFields() {}

  static MessageFields read(Reader text) {
    return read(text, false);
  }

  /** Reads the id only, and passes over the other fields, too, whatever they are. */
  static MessageFields readId(Reader text) {
    return read(text, true);
  }

  private static MessageFields read(Reader text, boolean idOnly) {
    MessageFields fields = new MessageFields();
    try (JsonParser parser = MessageJson.parserWithoutMemory(text)) {
      MessageJson.start(parser);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        switch (idOnly && !field.equals("id") ? "" : field) {
          case "id" -> fields.id = once(fields.id, parser, field, MessageJson.MAX_ID_LENGTH);
          case "signature" ->
            fields.signature = once(fields.signature, parser, field, Signature.HEX_LENGTH);
          case "body" -> fields.body(parser);
          default -> parser.skipChildren();
        }
      }
      MessageJson.end(parser);
    } catch (IOException e) {
      throw Malformed.message("message", "it must be one JSON object");
    }
    return fields;
  }

  /** Reads a string of which no more is read than its limit and one character. */
  private static String once(
      @Nullable String before, JsonParser parser, String field, int maxLength) throws IOException {
    if (before != null) {
      throw repeated(field);
    }
    if (parser.currentToken() == JsonToken.VALUE_STRING && parser.getTextLength() > maxLength) {
      throw Malformed.message(field, "it must have at most " + maxLength + " characters");
    }
    return MessageJson.string(parser, field);
  }

  private void body(JsonParser parser) throws IOException {
    if (bodyEnd != 0) {
      throw repeated("body");
    }
    bodyStart = (int) parser.currentTokenLocation().getCharOffset();
    parser.skipChildren();
    parser.finishToken();
    bodyEnd = (int) parser.currentLocation().getCharOffset();
  }

  private static MalformedException repeated(String field) {
    return Malformed.message(field, "it must not come twice");
  }
}
