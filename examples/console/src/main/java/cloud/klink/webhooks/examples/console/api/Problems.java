package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.examples.console.service.StaleEdit;
import cloud.klink.webhooks.examples.console.service.UnknownDelivery;
import cloud.klink.webhooks.sender.reason.NotFoundException;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.secret.UnreadableSecretException;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.webhook.InvalidWebhookException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** What cannot be done, as problem details (RFC 9457). */
@RestControllerAdvice(basePackageClasses = Problems.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
class Problems extends ResponseEntityExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  /** A field and a rule that it breaks. */
  record Fault(String field, String rule) {}

  /** With each field and the rules that it breaks. */
  @ExceptionHandler
  ProblemDetail invalid(InvalidWebhookException e) {
    return invalid(e.faults().entrySet().stream()
        .flatMap(entry -> entry.getValue().stream().map(rule -> new Fault(entry.getKey(), rule)))
        .toList());
  }

  @ExceptionHandler
  ProblemDetail invalid(InvalidInput e) {
    return invalid(List.of(new Fault(e.field(), e.rule())));
  }

  private static ProblemDetail invalid(List<Fault> faults) {
    ProblemDetail problem = problem(
        HttpStatus.UNPROCESSABLE_CONTENT, "invalid", "What was sent breaks rules; see errors.");
    problem.setProperty("errors", faults);
    return problem;
  }

  @ExceptionHandler
  ProblemDetail stale(StaleEdit e) {
    ProblemDetail problem = problem(
        HttpStatus.PRECONDITION_FAILED,
        "stale",
        "The webhook was changed since; get it again and repeat the edit.");
    problem.setProperty("current", WebhookJson.of(e.stored()));
    return problem;
  }

  @ExceptionHandler
  ProblemDetail versionMissing(MissingVersion e) {
    return problem(
        HttpStatus.PRECONDITION_REQUIRED,
        "version_required",
        "If-Match must hold the ETag of the webhook that was read.");
  }

  @ExceptionHandler
  ProblemDetail missing(NotFoundException e) {
    return e.reason() == SenderReason.UNKNOWN_WEBHOOK
        ? notFound()
        : problem(HttpStatus.CONFLICT, e.reason().code(), "The delivery cannot be sent again.");
  }

  @ExceptionHandler
  ProblemDetail unknown(UnknownDelivery e) {
    return notFound();
  }

  private static ProblemDetail notFound() {
    return problem(HttpStatus.NOT_FOUND, "not_found", "Nothing has this id, or not any longer.");
  }

  @ExceptionHandler
  ProblemDetail unreadable(UnreadableSecretException e) {
    LOG.warn("A signing secret cannot be read", e);
    return problem(
        HttpStatus.CONFLICT, "unreadable_secret", "The secret cannot be read; regenerate it.");
  }

  @ExceptionHandler
  ProblemDetail broken(StorageException e) {
    LOG.error("The storage cannot do its work", e);
    return problem(
        HttpStatus.SERVICE_UNAVAILABLE, "storage", "The database cannot be reached at the moment.");
  }

  private static ProblemDetail problem(HttpStatus status, String code, String detail) {
    ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
    problem.setProperty("code", code);
    return problem;
  }
}
