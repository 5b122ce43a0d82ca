package cloud.klink.webhooks.sender.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports at startup what is wrong with the sender's configuration, and what to do. */
final class SenderFailureAnalyzer extends AbstractFailureAnalyzer<SenderSetupException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, SenderSetupException cause) {
    String what = cause.property() == null ? "" : "\n\n    Property: " + cause.property();
    return new FailureAnalysis(
        "The sender of K-LINK webhooks cannot be set up:" + what + "\n\n    Reason: "
            + cause.getMessage(),
        cause.remedy(),
        cause);
  }
}
