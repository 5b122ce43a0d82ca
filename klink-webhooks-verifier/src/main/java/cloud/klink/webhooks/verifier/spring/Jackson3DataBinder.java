package cloud.klink.webhooks.verifier.spring;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Type;
import tools.jackson.databind.json.JsonMapper;

/** Converts data by a {@code JsonMapper} of Jackson 3. */
record Jackson3DataBinder(JsonMapper mapper) implements DataBinder {
  @Override
  public Object bind(JsonNode data, Type type) {
    return mapper.readValue(data.toString(), mapper.constructType(type));
  }
}
