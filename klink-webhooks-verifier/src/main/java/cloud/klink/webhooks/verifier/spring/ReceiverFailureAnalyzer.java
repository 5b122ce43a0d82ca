package cloud.klink.webhooks.verifier.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports at startup what is wrong with the receiver's configuration, and what to do. */
final class ReceiverFailureAnalyzer extends AbstractFailureAnalyzer<ReceiverSetupException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, ReceiverSetupException cause) {
    String what = cause.property() == null ? "" : "\n\n    Property: " + cause.property();
    return new FailureAnalysis(
        "The receiver of K-LINK webhooks cannot be set up:" + what + "\n\n    Reason: "
            + cause.getMessage(),
        cause.remedy(),
        cause);
  }
}
