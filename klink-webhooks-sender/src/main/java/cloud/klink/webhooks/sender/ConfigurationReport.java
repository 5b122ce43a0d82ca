package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.internal.Durations;
import cloud.klink.webhooks.sender.internal.tasks.DispatchSettings;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import java.lang.module.ModuleDescriptor;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A configuration as text: a line for each setting, in the order in which they were added. */
final class ConfigurationReport {
  private final StringBuilder text = new StringBuilder("klink-webhooks").append(version());

  ConfigurationReport line(String setting, String value) {
    text.append("\n  ").append(setting).append(": ").append(value);
    return this;
  }

  ConfigurationReport policy(DeliveryPolicy policy) {
    return line("timeout", Durations.format(policy.timeout()))
        .line("retries", name(policy.retries()))
        .line(
            "jitter of retries",
            policy.jitter() == 0 ? "none" : Math.round(policy.jitter() * 100) + " %")
        .line(
            "Retry-After",
            policy.maxRetryAfter().isZero()
                ? "not honoured"
                : "honoured up to " + Durations.format(policy.maxRetryAfter()))
        .line("pauses", name(policy.pausing()))
        .line("pauses at 410", policy.pausesWhenGone() ? "yes" : "no")
        .line("attempts at the same time for a webhook", "" + policy.maxConcurrent())
        .line("rate of a webhook", rate(policy));
  }

  private static String rate(DeliveryPolicy policy) {
    return policy.rateLimit().isPresent()
        ? policy.rateLimit().getAsInt() + " in " + Durations.format(policy.ratePeriod())
        : "unlimited";
  }

  ConfigurationReport node(DispatchSettings settings) {
    return line("attempts at the same time", "" + settings.maxConcurrent())
        .line("deliveries in memory", "up to " + settings.localQueue())
        .line("bytes in memory", "up to " + settings.maxBytes())
        .line("lease", Durations.format(settings.lease()))
        .line("poll", "each " + Durations.format(settings.pollInterval()));
  }

  /** What users made, each by its own description or its class. */
  ConfigurationReport all(String setting, Collection<?> things) {
    return line(
        setting,
        things.isEmpty()
            ? "none"
            : things.stream().map(ConfigurationReport::name).collect(Collectors.joining(", ")));
  }

  ConfigurationReport lines(String setting, List<String> lines) {
    return line(setting, lines.isEmpty() ? "none" : String.join("; ", lines));
  }

  /** Its own text, unless that is only Java's; then its class. */
  static String name(Object thing) {
    String type = thing.getClass().getName();
    String own;
    try {
      own = thing.toString();
    } catch (Throwable e) { // whatever a user's toString() throws
      own = type;
    }
    String plain = own.startsWith(type) ? type : own;
    int lambda = plain.indexOf("$$Lambda");
    return lambda < 0 ? plain : "a lambda of " + plain.substring(0, lambda);
  }

  /** On the module path the module has a version, on the class path the jar's manifest. */
  private static String version() {
    Class<?> self = ConfigurationReport.class;
    return Optional.ofNullable(self.getModule().getDescriptor())
        .flatMap(ModuleDescriptor::rawVersion)
        .or(() -> Optional.ofNullable(self.getPackage().getImplementationVersion()))
        .map(version -> " " + version)
        .orElse("");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
