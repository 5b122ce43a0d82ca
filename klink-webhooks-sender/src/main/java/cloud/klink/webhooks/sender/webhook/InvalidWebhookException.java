package cloud.klink.webhooks.sender.webhook;

import cloud.klink.webhooks.Reason;
import cloud.klink.webhooks.WebhookException;
import cloud.klink.webhooks.sender.reason.SenderReason;
import java.util.List;
import java.util.stream.Collectors;

/** What was entered breaks rules. Nothing was changed. */
public final class InvalidWebhookException extends WebhookException {
  private static final long serialVersionUID = 1L;

  /** All that is wrong; transient, for the message tells it as well. */
  private final transient List<FieldError> faults;

  /**
   * For what refuses it.
   *
   * @param faults all rules that are broken, in the order of the fields
   */
  public InvalidWebhookException(List<FieldError> faults) {
    super(faults.stream().map(FieldError::toString).collect(Collectors.joining("; ")), null);
    this.faults = List.copyOf(faults);
  }

  /**
   * All rules that are broken, not only the first.
   *
   * @return at least one fault, in the order of the fields
   */
  public List<FieldError> faults() {
    return faults == null ? List.of() : faults;
  }

  @Override
  public Reason reason() {
    return SenderReason.INVALID_WEBHOOK;
  }
}
