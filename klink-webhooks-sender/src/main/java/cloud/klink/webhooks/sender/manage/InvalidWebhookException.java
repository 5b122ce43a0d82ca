package cloud.klink.webhooks.sender.manage;

import static java.util.stream.Collectors.joining;

import cloud.klink.webhooks.WebhookException;
import java.util.List;

/** What was entered for a webhook breaks rules; nothing was changed. */
public final class InvalidWebhookException extends WebhookException {
  private static final long serialVersionUID = 1L;

  /** All of them. */
  private final transient List<Fault> faults;

  InvalidWebhookException(List<Fault> faults) {
    super(faults.stream().map(Fault::toString).collect(joining("; ")), null);
    this.faults = List.copyOf(faults);
  }

  /**
   * Everything that is wrong, not only the first.
   *
   * @return at least one
   */
  public List<Fault> faults() {
    return faults;
  }

  /**
   * {@inheritDoc}
   *
   * @return always {@link WebhookReason#INVALID}
   */
  @Override
  public WebhookReason reason() {
    return WebhookReason.INVALID;
  }
}
