package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.examples.console.api.ProblemAnswer.Fault;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.security.web.WebAttributes;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/**
 * What is answered where no controller could: problem details to the API's clients, a page to
 * everybody else.
 */
@Controller
class ErrorAnswers implements ErrorController {
  private static final String API = "/api/";
  private static final Fault UNREADABLE =
      new Fault("request", "it must have a known method, and an encoded path and query");

  @RequestMapping("/error")
  Object answer(HttpServletRequest request) {
    HttpStatus status = status(request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE));
    Object path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
    if (path instanceof String text && text.startsWith(API)) {
      ProblemDetail problem = status == HttpStatus.BAD_REQUEST
          ? ProblemAnswer.invalid(status, List.of(UNREADABLE))
          : ProblemAnswer.detail(status, code(status), status.getReasonPhrase());
      problem.setInstance(URI.create(text));
      return ProblemAnswer.of(problem);
    }
    ModelAndView page = new ModelAndView("error");
    page.setStatus(status);
    page.addObject("key", key(status, request));
    return page;
  }

  /** What a page says about it. */
  private static String key(HttpStatus status, HttpServletRequest request) {
    if (status == HttpStatus.FORBIDDEN) {
      boolean isForged =
          request.getAttribute(WebAttributes.ACCESS_DENIED_403) instanceof CsrfException;
      return isForged ? "error.form" : "error.viewer";
    }
    if (status == HttpStatus.NOT_FOUND) {
      return "error.page";
    }
    return status.is4xxClientError() ? "error.request" : "error.server";
  }

  /** Whoever asks for this path itself looks for a page that does not exist. */
  private static HttpStatus status(Object code) {
    HttpStatus known = code instanceof Integer number ? HttpStatus.resolve(number) : null;
    return code == null
        ? HttpStatus.NOT_FOUND
        : known == null ? HttpStatus.INTERNAL_SERVER_ERROR : known;
  }

  static String code(HttpStatus status) {
    return status.is5xxServerError() ? "internal" : status.name().toLowerCase(Locale.ROOT);
  }
}
