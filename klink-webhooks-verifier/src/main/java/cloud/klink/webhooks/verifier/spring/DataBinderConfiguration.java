package cloud.klink.webhooks.verifier.spring;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/**
 * Chooses the Jackson that converts data: the application's mapper, that of Jackson 3 if it has
 * both.
 */
final class DataBinderConfiguration {
  private DataBinderConfiguration() {}

  /** For an application that has a mapper of Jackson 3, as with Spring Boot 4. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(JsonMapper.class)
  @ConditionalOnSingleCandidate(JsonMapper.class)
  static class Jackson3 {
    @Bean
    DataBinder klinkWebhookDataBinder(JsonMapper mapper) {
      return new Jackson3DataBinder(mapper);
    }
  }

  /** For an application that has a mapper of Jackson 2. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingBean(DataBinder.class)
  @ConditionalOnSingleCandidate(ObjectMapper.class)
  static class Jackson2 {
    @Bean
    DataBinder klinkWebhookDataBinder(ObjectMapper mapper) {
      return new Jackson2DataBinder(mapper);
    }
  }

  /** For an application that has no mapper, or several. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingBean(DataBinder.class)
  static class Plain {
    @Bean
    DataBinder klinkWebhookDataBinder() {
      return new Jackson2DataBinder(
          new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES));
    }
  }
}
