package cloud.klink.webhooks.event;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.NumberOutput;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Prints integral numbers as integers, and refuses those that no double can hold. */
final class WireGenerator extends JsonGeneratorDelegate {
  private static final double EXACT = 1L << 53;

  /**
   * Since Jackson 2.18. Without it surrogates are printed as escapes, which have the same canonical
   * form and only take longer to get there.
   */
  private static final JsonGenerator.@Nullable Feature COMBINE_SURROGATES = Arrays.stream(
          JsonGenerator.Feature.values())
      .filter(feature -> feature.name().equals("COMBINE_UNICODE_SURROGATES_IN_UTF8"))
      .findAny()
      .orElse(null);

  private WireGenerator(JsonGenerator target) {
    super(target, false);
  }

  static JsonGenerator create(ObjectMapper mapper, OutputStream out) throws IOException {
    JsonGenerator target = mapper.getFactory().createGenerator(out);
    if (COMBINE_SURROGATES != null) {
      target.enable(COMBINE_SURROGATES);
    }
    return new WireGenerator(target);
  }

  @Override
  public void writeNumber(double value) throws IOException {
    if (!Double.isFinite(value)) {
      throw Malformed.event("data", "its numbers must be in the range of doubles");
    }
    if (value == Math.rint(value) && Math.abs(value) <= EXACT) {
      super.writeNumber((long) value);
    } else {
      super.writeNumber(NumberOutput.toString(value, true));
    }
  }

  @Override
  public void writeNumber(float value) throws IOException {
    writeNumber(
        Float.isFinite(value) ? Double.parseDouble(NumberOutput.toString(value, true)) : value);
  }

  @Override
  public void writeNumber(BigDecimal value) throws IOException {
    writeNumber(value.doubleValue());
  }
}
