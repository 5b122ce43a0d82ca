package cloud.klink.webhooks.examples.console.setup;

import java.time.ZoneId;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The console's own settings.
 *
 * @param zone the zone that times can be shown in, beside UTC
 * @param demo the built-in endpoint
 */
@ConfigurationProperties("console")
public record ConsoleSettings(
    @DefaultValue("UTC") ZoneId zone, @DefaultValue Demo demo) {
  /**
   * The built-in endpoint.
   *
   * @param enabled whether there is one
   * @param port its port on the loopback address; 0 for any that is free
   */
  public record Demo(
      @DefaultValue("true") boolean enabled,
      @DefaultValue("8082") int port) {}
}
