package cloud.klink.webhooks.examples.spring;

import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.spring.KlinkWebhook;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Handles webhooks. */
@Component
class Inbox {
  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

  private final JdbcClient jdbc;

  Inbox(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The message and the mark that its event was processed are committed together. */
  @Transactional
  @KlinkWebhook("message.inbound")
  public void onMessage(Message message, Event event) {
    jdbc.sql("INSERT INTO message (event_id, text) VALUES (?, ?)")
        .param(event.id().orElseThrow())
        .param(message.text())
        .update();
  }

  @KlinkWebhook(group = "contact")
  void onContact(Event event) {
    LOG.info("A contact changed: {}", event.name());
  }

  /** Everything else, as events that K-LINK may add. */
  @KlinkWebhook
  void onOther(VerifiedWebhook webhook) {
    LOG.info("Nothing to do for an event of {} bytes", webhook.body().length());
  }
}
