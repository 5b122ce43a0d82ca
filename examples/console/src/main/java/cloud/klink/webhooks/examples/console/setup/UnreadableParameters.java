package cloud.klink.webhooks.examples.console.setup;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/**
 * Answers requests whose parameters Tomcat cannot decode: a fault of the client's, not an error.
 */
@ControllerAdvice
class UnreadableParameters {
  @ExceptionHandler
  void refuse(InvalidParameterException e, HttpServletResponse response) throws IOException {
    response.sendError(e.getErrorCode());
  }
}
