package cloud.klink.webhooks.examples.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.IOException;
import java.io.StringWriter;

/** JSON for people: a member on each line. Strings and numbers stay as they are. */
final class PrettyJson {
  private static final JsonFactory JSON = new JsonFactory();

  private static final DefaultIndenter INDENTER = new DefaultIndenter("  ", "\n");
  private static final Separators SEPARATORS = Separators.createDefaultInstance()
      .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
      .withObjectEmptySeparator("")
      .withArrayEmptySeparator("");

  private PrettyJson() {}

  /** The JSON indented and safe for a terminal, or unchanged if it cannot be read. */
  static String print(String json) {
    StringWriter pretty = new StringWriter();
    try (JsonParser parser = JSON.createParser(json);
        JsonGenerator generator = JSON.createGenerator(pretty)) {
      generator.setPrettyPrinter(new DefaultPrettyPrinter(SEPARATORS)
          .withObjectIndenter(INDENTER)
          .withArrayIndenter(INDENTER));
      parser.nextToken();
      generator.copyCurrentStructureExact(parser);
    } catch (IOException e) {
      return Printable.lines(json);
    }
    return Printable.lines(pretty.toString());
  }
}
