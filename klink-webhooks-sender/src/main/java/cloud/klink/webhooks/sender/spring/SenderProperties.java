package cloud.klink.webhooks.sender.spring;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The properties. Each is described in {@code META-INF/spring-configuration-metadata.json}; the
 * defaults are the builder's.
 */
@ConfigurationProperties(SenderProperties.PREFIX)
record SenderProperties(
    @DefaultValue("false") boolean enabled,
    @DefaultValue("true") boolean deliver,
    @Nullable String dataSource,
    @DefaultValue("true") boolean migrate,
    @DefaultValue("30s") Duration storageTimeout,
    @DefaultValue("64") int maxConcurrentAttempts,
    @DefaultValue("1000") int localQueue,
    @DefaultValue("8MB") DataSize maxMemory,
    @DefaultValue("256KB") DataSize maxPayload,
    @DefaultValue("60s") Duration lease,
    @DefaultValue("1s") Duration pollInterval,
    @Nullable Duration retention,
    @DefaultValue("false") boolean allowUnencryptedSecrets,
    @DefaultValue("10s") Duration shutdownTimeout,
    @DefaultValue Tracing tracing) {

  static final String PREFIX = "klink.webhooks.sender";

  /** The properties of tracing. */
  record Tracing(
      @DefaultValue("false") boolean enabled,
      @DefaultValue("false") boolean propagate) {}
}
