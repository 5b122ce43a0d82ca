package cloud.klink.webhooks.verifier.spring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;

/** Converts data by an {@code ObjectMapper} of Jackson 2. */
record Jackson2DataBinder(ObjectMapper mapper) implements DataBinder {
  @Override
  public Object bind(JsonNode data, Type type) {
    try {
      return mapper.readValue(data.toString(), mapper.constructType(type));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
