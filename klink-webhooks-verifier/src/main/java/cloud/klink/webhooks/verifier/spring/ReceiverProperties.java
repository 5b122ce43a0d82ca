package cloud.klink.webhooks.verifier.spring;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The properties without the secrets. {@link ReceiverSecrets} reads those, because Spring Boot
 * prints the value of a property that it cannot bind. Each property is described in
 * {@code META-INF/spring-configuration-metadata.json}.
 */
@ConfigurationProperties(ReceiverProperties.PREFIX)
record ReceiverProperties(
    String publicUrl,
    @Nullable String path,
    @DefaultValue List<String> allowedSources,
    @DefaultValue("1MB") DataSize maxBodySize,
    @DefaultValue Endpoint endpoint,
    @DefaultValue AcknowledgeFirst acknowledgeFirst,
    @DefaultValue Deduplication deduplication,
    @DefaultValue Explain explain) {

  static final String PREFIX = "klink.webhooks.receiver";

  record Endpoint(@DefaultValue("true") boolean enabled) {}

  record AcknowledgeFirst(
      @DefaultValue("false") boolean enabled,
      @DefaultValue("4") int threads,
      @DefaultValue("200") int queueLength,
      @DefaultValue("20s") Duration shutdownTimeout) {}

  record Deduplication(
      @DefaultValue("memory") Type type,
      @DefaultValue("25s") Duration lease,
      @DefaultValue Memory memory,
      @DefaultValue Jdbc jdbc) {}

  /** Where processed events are kept. */
  enum Type {
    NONE,
    MEMORY,
    JDBC
  }

  record Memory(
      @DefaultValue("100000") int maxEntries,
      @DefaultValue("1d") Duration retention) {}

  record Jdbc(
      @Nullable String dataSource,
      @DefaultValue("true") boolean migrate,
      @DefaultValue("5s") Duration statementTimeout,
      @DefaultValue("30d") Duration retention,
      @DefaultValue("1h") Duration purgeInterval) {}

  record Explain(@DefaultValue List<String> candidateUrls) {}
}
