package cloud.klink.webhooks.verifier.spring;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Type;

/** Converts an event's data to a type of the application. */
@FunctionalInterface
interface DataBinder {
  /**
   * * Converts the data.
   *
   * @throws RuntimeException if the data does not fit the type
   */
  Object bind(JsonNode data, Type type);
}
