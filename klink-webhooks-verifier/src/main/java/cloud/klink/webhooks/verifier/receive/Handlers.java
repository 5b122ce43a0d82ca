package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.event.EventGroup;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.verifier.RefusalReason;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookRefusedException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which handler handles what: the one for its name, else for its group, else the fallback. */
record Handlers(
    Map<EventName, WebhookHandler> byName,
    Map<EventGroup, WebhookHandler> byGroup,
    @Nullable WebhookHandler fallback) {

  Handlers {
    byName = Map.copyOf(byName);
    byGroup = Map.copyOf(byGroup);
  }

  /** Finds the handler, or null for an event without; refuses what is no event without. */
  @Nullable
  WebhookHandler find(VerifiedWebhook webhook) {
    EventName name;
    try {
      name = webhook.event().name();
    } catch (MalformedException e) {
      if (fallback == null) {
        throw new WebhookRefusedException(RefusalReason.MALFORMED_EVENT, e.getMessage(), e);
      }
      return fallback;
    }
    WebhookHandler handler = byName.get(name);
    if (handler == null) {
      handler = ofGroup(name.value());
    }
    return handler == null ? fallback : handler;
  }

  private @Nullable WebhookHandler ofGroup(String name) {
    int dot = name.indexOf('.');
    return dot <= 0 || dot == name.length() - 1
        ? null
        : byGroup.get(new EventGroup(name.substring(0, dot)));
  }
}
