package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.examples.console.api.ProblemAnswer.Fault;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Why a body could not be read: as the rule that a field of it breaks, without its values. */
final class BodyFaults {
  private static final String BODY = "body";

  private BodyFaults() {}

  static Fault of(HttpMessageNotReadableException e) {
    if (e.getCause() instanceof DatabindException fault && !fault.getPath().isEmpty()) {
      return new Fault(path(fault), rule(fault));
    }
    return new Fault(BODY, "it must be one JSON object, with each field once");
  }

  /** Whether it is the body as a whole, and no field of it. */
  static boolean isWhole(Fault fault) {
    return fault.field().equals(BODY);
  }

  private static String path(DatabindException e) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference step : e.getPath()) {
      if (step.getPropertyName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
      }
    }
    return path.toString();
  }

  private static String rule(DatabindException e) {
    if (e instanceof UnrecognizedPropertyException) {
      return "there is no such field";
    }
    return "it must be " + (e instanceof MismatchedInputException one ? type(one) : "readable");
  }

  private static String type(MismatchedInputException e) {
    @Nullable Class<?> type = e.getTargetType();
    if (type == null) {
      return "of another type";
    }
    if (type == String.class) {
      return "a string";
    }
    if (Collection.class.isAssignableFrom(type)) {
      return "an array";
    }
    if (type.isRecord() || Map.class.isAssignableFrom(type)) {
      return "an object";
    }
    return "an integer";
  }
}
