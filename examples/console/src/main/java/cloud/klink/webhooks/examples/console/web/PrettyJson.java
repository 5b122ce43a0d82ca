package cloud.klink.webhooks.examples.console.web;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.IOException;
import java.io.StringWriter;

/** Indents JSON. Numbers keep their digits, which a tree of objects would not promise. */
final class PrettyJson {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Separators SEPARATORS = Separators.createDefaultInstance()
      .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
      .withArrayEmptySeparator("")
      .withObjectEmptySeparator("");

  private PrettyJson() {}

  /** The text itself if it is not JSON. */
  static String of(String json) {
    StringWriter pretty = new StringWriter();
    try (JsonParser parser = JSON.createParser(json);
        JsonGenerator generator = JSON.createGenerator(pretty)) {
      DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
      generator.setPrettyPrinter(new DefaultPrettyPrinter(SEPARATORS)
          .withObjectIndenter(indenter)
          .withArrayIndenter(indenter));
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isNumeric()) {
          generator.writeNumber(parser.getText());
        } else {
          generator.copyCurrentEvent(parser);
        }
      }
    } catch (IOException e) {
      return json;
    }
    return escaped(pretty.toString());
  }

  /** Characters that turn the direction of writing around could make a value look like another. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    text.chars().forEach(c -> {
      if (c == 0x061C
          || c == 0x200E
          || c == 0x200F
          || (c >= 0x202A && c <= 0x202E)
          || (c >= 0x2066 && c <= 0x2069)) {
        escaped.append(String.format("\\u%04x", c));
      } else {
        escaped.append((char) c);
      }
    });
    return escaped.toString();
  }
}
