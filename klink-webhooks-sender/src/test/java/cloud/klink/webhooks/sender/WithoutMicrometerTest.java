package cloud.klink.webhooks.sender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.health.HealthStatus;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Instant;
import java.util.Arrays;
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
            "deliveries " + deliveries,
            "up " + isUp,
            "methods " + (WebhookSenderBuilder.class.getMethods().length > 0));
      }
    }
  }

  @Test
  void sender_withoutMicrometer_works() throws ReflectiveOperationException, IOException {
    URL[] path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.contains("micrometer"))
        .map(WithoutMicrometerTest::url)
        .toArray(URL[]::new);
    try (URLClassLoader loader = new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
      assertThatThrownBy(() -> loader.loadClass("io.micrometer.core.instrument.MeterRegistry"))
          .isInstanceOf(ClassNotFoundException.class);
      Class<?> probe = loader.loadClass(Probe.class.getName());
      assertThat(probe).isNotEqualTo(Probe.class);

      Object told = ((Supplier<?>) probe.getConstructor().newInstance()).get();

      assertThat(told).isEqualTo(List.of("deliveries 1", "up true", "methods true"));
    }
  }

  private static URL url(String entry) {
    try {
      return new File(entry).toURI().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(entry, e);
    }
  }
}
