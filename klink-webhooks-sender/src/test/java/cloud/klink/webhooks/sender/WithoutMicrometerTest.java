package cloud.klink.webhooks.sender;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.moduletest.OtherClassPath;
import cloud.klink.webhooks.sender.health.HealthStatus;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The sender on a class path that has no Micrometer. */
class WithoutMicrometerTest {

  /** Runs in the other class loader. */
  public static final class Probe implements Supplier<List<String>> {
    @Override
    public List<String> get() {
      try (WebhookSender sender = WebhookSender.builder(new InMemoryStorage()).build()) {
        sender
            .webhooks()
            .create(Environment.PRODUCTION)
            .name("Orders")
            .url("https://example.com/hook")
            .subscribe(EventName.CONTACT_CREATED)
            .save();
        Event event =
            Event.builder(EventName.CONTACT_CREATED).timestamp(Instant.EPOCH).build();
        int deliveries =
            sender.publish(Environment.PRODUCTION, event).deliveryIds().size();
        boolean isUp = sender.health().status() == HealthStatus.UP;
        return List.of(
            hasMicrometer() ? "Micrometer" : "no Micrometer",
            "deliveries " + deliveries,
            "up " + isUp,
            "methods " + (WebhookSenderBuilder.class.getMethods().length > 0));
      }
    }

    private static boolean hasMicrometer() {
      try {
        Class.forName("io.micrometer.core.instrument.MeterRegistry");
        return true;
      } catch (ClassNotFoundException e) {
        return false;
      }
    }
  }

  @Test
  void sender_withoutMicrometer_works() throws ReflectiveOperationException {
    OtherClassPath path = OtherClassPath.ofTests().without("micrometer");

    assertThat(path.run(Probe.class))
        .isEqualTo(List.of("no Micrometer", "deliveries 1", "up true", "methods true"));
  }
}
