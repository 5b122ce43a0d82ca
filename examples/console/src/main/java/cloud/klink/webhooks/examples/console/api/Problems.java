package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.examples.console.api.ProblemAnswer.Fault;
import cloud.klink.webhooks.examples.console.redelivery.UnknownRedelivery;
import cloud.klink.webhooks.examples.console.service.StaleEdit;
import cloud.klink.webhooks.examples.console.service.UnknownDelivery;
import cloud.klink.webhooks.sender.reason.NotFoundException;
import cloud.klink.webhooks.sender.secret.UnreadableSecretException;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.webhook.InvalidWebhookException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** What cannot be done, as problem details (RFC 9457). */
@RestControllerAdvice(basePackageClasses = Problems.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
class Problems extends ResponseEntityExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  /** With each field and the rules that it breaks. */
  @ExceptionHandler
  ResponseEntity<Object> invalid(InvalidWebhookException e) {
    return invalid(e.faults().entrySet().stream()
        .flatMap(entry -> entry.getValue().stream().map(rule -> new Fault(entry.getKey(), rule)))
        .toList());
  }

  @ExceptionHandler
  ResponseEntity<Object> invalid(InvalidInput e) {
    return invalid(e.faults());
  }

  private static ResponseEntity<Object> invalid(List<Fault> faults) {
    return ProblemAnswer.of(ProblemAnswer.invalid(HttpStatus.UNPROCESSABLE_CONTENT, faults));
  }

  @ExceptionHandler
  ResponseEntity<Object> stale(StaleEdit e) {
    ProblemDetail problem = ProblemAnswer.detail(
        HttpStatus.PRECONDITION_FAILED,
        "stale",
        "The webhook was changed since; get it again and repeat the edit.");
    problem.setProperty("current", WebhookJson.of(e.stored()));
    return ProblemAnswer.of(problem);
  }

  @ExceptionHandler
  ResponseEntity<Object> versionMissing(MissingVersion e) {
    return problem(
        HttpStatus.PRECONDITION_REQUIRED,
        "version_required",
        "If-Match must hold the ETag of the webhook that was read.");
  }

  @ExceptionHandler
  ResponseEntity<Object> missing(NotFoundException e) {
    return switch (e.reason()) {
      case UNKNOWN_WEBHOOK, UNKNOWN_DELIVERY -> notFound();
      default ->
        problem(HttpStatus.CONFLICT, e.reason().code(), "The delivery cannot be sent again.");
    };
  }

  @ExceptionHandler({UnknownDelivery.class, UnknownRedelivery.class})
  ResponseEntity<Object> unknown() {
    return notFound();
  }

  private static ResponseEntity<Object> notFound() {
    return problem(HttpStatus.NOT_FOUND, "not_found", "Nothing has this id, or not any longer.");
  }

  @ExceptionHandler
  ResponseEntity<Object> unreadable(UnreadableSecretException e) {
    LOG.warn("A signing secret cannot be read", e);
    return problem(
        HttpStatus.CONFLICT, "unreadable_secret", "The secret cannot be read; regenerate it.");
  }

  @ExceptionHandler
  ResponseEntity<Object> broken(StorageException e) {
    LOG.error("The storage cannot do its work", e);
    return problem(
        HttpStatus.SERVICE_UNAVAILABLE, "storage", "The database cannot be reached at the moment.");
  }

  private static ResponseEntity<Object> problem(HttpStatus status, String code, String detail) {
    return ProblemAnswer.of(ProblemAnswer.detail(status, code, detail));
  }

  @Override
  protected ResponseEntity<Object> handleHttpMessageNotReadable(
      HttpMessageNotReadableException e,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    Fault fault = BodyFaults.of(e);
    return ProblemAnswer.of(ProblemAnswer.invalid(
        BodyFaults.isWhole(fault) ? HttpStatus.BAD_REQUEST : HttpStatus.UNPROCESSABLE_CONTENT,
        List.of(fault)));
  }

  /** What Spring MVC finds wrong itself, as a wrong content type. */
  @Override
  protected ResponseEntity<Object> handleExceptionInternal(
      Exception e,
      @Nullable Object body,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    HttpStatus known = HttpStatus.valueOf(status.value());
    ProblemDetail problem =
        ProblemAnswer.detail(known, ErrorAnswers.code(known), known.getReasonPhrase());
    return ResponseEntity.status(known)
        .headers(headers)
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(problem);
  }
}
