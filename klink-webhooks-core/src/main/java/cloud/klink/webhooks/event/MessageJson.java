package cloud.klink.webhooks.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** What WebSocket messages and their answers share. */
final class MessageJson {
  static final int MAX_ID_LENGTH = 200;

  /** A body's 1,000 levels and the message around it. */
  private static final int MAX_DEPTH = 1_001;

  private static final JsonFactory FACTORY = JsonFactory.builder()
      .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .streamReadConstraints(
          StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
      .build();

  /** Remembers no names: neither to find repeated ones, nor to give equal ones one object. */
  private static final JsonFactory FORGETFUL = JsonFactory.builder()
      .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
      .streamReadConstraints(
          StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
      .build();

  private MessageJson() {}

  /** For a text of which little is to be kept, however long it is. */
  static JsonParser parserWithoutMemory(Reader text) throws IOException {
    return FORGETFUL.createParser(text);
  }

  /** From text, since from bytes Jackson would guess the encoding. */
  static JsonParser parser(String text) throws IOException {
    return FACTORY.createParser(text);
  }

  static void start(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw Malformed.message("message", "it must be a JSON object");
    }
  }

  static void end(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
      throw Malformed.message("message", "it must be one JSON object and nothing else");
    }
  }

  static String string(JsonParser parser, String field) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw Malformed.message(field, "it must be a string");
    }
    return parser.getText();
  }

  static String checkId(String field, @Nullable String id) {
    if (id == null || id.isEmpty() || id.length() > MAX_ID_LENGTH) {
      throw Malformed.message(
          field, "it must be the delivery's id, of 1 to " + MAX_ID_LENGTH + " characters");
    }
    return id;
  }

  static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }
}
