package cloud.klink.webhooks.examples.console.api;

import java.util.List;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

/** Problem details (RFC 9457), whatever a client accepts. */
final class ProblemAnswer {
  private ProblemAnswer() {}

  /** A field, or a parameter, and a rule that it breaks. */
  record Fault(String field, String rule) {}

  static ProblemDetail detail(HttpStatusCode status, String code, String text) {
    ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, text);
    problem.setProperty("code", code);
    return problem;
  }

  static ProblemDetail invalid(HttpStatusCode status, List<Fault> faults) {
    ProblemDetail problem = detail(status, "invalid", "What was sent breaks rules; see errors.");
    problem.setProperty("errors", faults);
    return problem;
  }

  static ResponseEntity<Object> of(ProblemDetail problem) {
    return ResponseEntity.status(problem.getStatus())
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(problem);
  }
}
