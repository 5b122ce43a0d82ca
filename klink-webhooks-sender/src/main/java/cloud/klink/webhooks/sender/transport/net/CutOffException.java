package cloud.klink.webhooks.sender.transport.net;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A connection was closed because the peer exceeded a limit of the sender. */
public final class CutOffException extends IOException {
  private static final long serialVersionUID = 1L;

  private final AttemptOutcome outcome;
  private final String text;

  CutOffException(AttemptOutcome outcome, String text) {
    this(outcome, text, null);
  }

  CutOffException(AttemptOutcome outcome, String text, @Nullable Throwable cause) {
    super(text, cause);
    this.outcome = outcome;
    this.text = text;
  }

  /** The outcome of the attempt. */
  public AttemptOutcome outcome() {
    return outcome;
  }

  @Override
  public String getMessage() {
    return text;
  }
}
