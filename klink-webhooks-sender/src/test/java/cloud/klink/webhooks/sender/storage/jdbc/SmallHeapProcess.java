package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;

/** A node in a process of its own, with little memory: publishes, and delivers after that. */
final class SmallHeapProcess {
  private SmallHeapProcess() {}

  /**
   * Delivers until it is killed.
   *
   * @param args the database's kind, its URL, the endpoint, and how many webhooks, events and bytes
   * @throws InterruptedException never
   */
  public static void main(String[] args) throws InterruptedException {
    JdbcStorage storage = SenderProcess.storage(args[0], args[1]);
    int webhooks = Integer.parseInt(args[3]);
    int events = Integer.parseInt(args[4]);
    String text = "x".repeat(Integer.parseInt(args[5]));
    WebhookSender sender = WebhookSender.builder(storage)
        .endpoints(EndpointPolicy.forDevelopment())
        .build();
    for (int i = 0; i < webhooks; i++) {
      sender
          .webhooks()
          .create(Environment.PRODUCTION)
          .name("Orders " + i)
          .url(args[2])
          .subscribe(EventName.CONTACT_CREATED)
          .save();
    }
    for (int i = 0; i < events; i++) {
      sender.publish(
          Environment.PRODUCTION,
          Event.builder(EventName.CONTACT_CREATED)
              .timestamp(Instant.now())
              .id("evt_" + i)
              .data(JsonNodeFactory.instance.objectNode().put("text", text))
              .build());
    }
    sender.start();
    new CountDownLatch(1).await(); // the sender's threads are daemons
  }
}
