package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.examples.console.api.ProblemAnswer.Fault;
import java.util.List;

/** What a client sent breaks rules that are the API's own. */
final class InvalidInput extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What was sent, and the rules. */
  private final transient List<Fault> faults;

  InvalidInput(List<Fault> faults) {
    super(faults.toString());
    this.faults = List.copyOf(faults);
  }

  InvalidInput(String field, String rule) {
    this(List.of(new Fault(field, rule)));
  }

  List<Fault> faults() {
    return faults;
  }
}
