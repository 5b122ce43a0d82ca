package cloud.klink.webhooks.verifier;

import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.internal.ReadLimits;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Finds the numbers of an authentic body that share their canonical form with others. */
final class AmbiguousNumbers {
  private static final int MAX_FOUND = 100;

  /** Names may be long, so the total length of the kept pointers is limited. */
  private static final int MAX_CHARACTERS = 64 << 10;

  private static final String ID = "/id";

  private static final JsonFactory FACTORY = JsonFactory.builder()
      .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
      .streamReadConstraints(ReadLimits.ofBoundedText())
      .build();

  private final Dialect dialect;
  private final List<String> found = new ArrayList<>();
  private int characters;

  private AmbiguousNumbers(Dialect dialect) {
    this.dialect = dialect;
  }

  /**
   * The JSON Pointers of the first such numbers.
   *
   * @param body the received body
   * @param authentic its canonical form, in the dialect that matched
   * @throws WebhookRefusedException with {@link RefusalReason#AMBIGUOUS_NUMBER} if the event's id
   *     is one of them
   */
  static List<String> check(ByteBuffer body, CanonicalBody authentic) {
    if (!authentic.hasAmbiguousNumbers()) {
      return List.of();
    }
    AmbiguousNumbers numbers = new AmbiguousNumbers(authentic.dialect());
    // From text, since from bytes Jackson would guess the encoding.
    try (JsonParser parser = FACTORY.createParser(text(body))) {
      numbers.read(parser);
    } catch (IOException e) {
      throw new IllegalStateException("A body that has a canonical form must be JSON", e);
    }
    return List.copyOf(numbers.found);
  }

  private static String text(ByteBuffer body) {
    return StandardCharsets.UTF_8.decode(body.duplicate()).toString();
  }

  private void read(JsonParser parser) throws IOException {
    for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
      if (token.isNumeric() && isAmbiguous(parser.getText())) {
        add(parser);
      }
    }
  }

  private boolean isAmbiguous(String number) {
    return CanonicalBody.of(number.getBytes(StandardCharsets.US_ASCII), dialect)
        .hasAmbiguousNumbers();
  }

  private void add(JsonParser parser) {
    boolean isAtTop = parser.getParsingContext().getParent() != null
        && parser.getParsingContext().getParent().inRoot();
    boolean hasRoom = found.size() < MAX_FOUND && characters < MAX_CHARACTERS;
    if (hasRoom || isAtTop) {
      String pointer = parser.getParsingContext().pathAsPointer().toString();
      if (pointer.equals(ID)) {
        throw new WebhookRefusedException(RefusalReason.AMBIGUOUS_NUMBER);
      }
      if (hasRoom) {
        found.add(pointer);
        characters += pointer.length();
      }
    }
  }
}
