package cloud.klink.webhooks.examples.console.warning;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Writes a line to the log {@code console.warning}. */
@Component
class LogHook implements WarningHook {
  private static final Logger WARNINGS = LoggerFactory.getLogger("console.warning");

  @Override
  public void warn(PauseWarning warning) {
    WARNINGS.warn(
        "Webhook {} has {} failures; more than {} pause it ({} % reached)",
        warning.webhook().id(),
        warning.risk().failures(),
        warning.risk().limit(),
        warning.risk().level());
  }
}
