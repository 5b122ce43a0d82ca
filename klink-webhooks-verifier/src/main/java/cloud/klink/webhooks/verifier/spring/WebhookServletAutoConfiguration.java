package cloud.klink.webhooks.verifier.spring;

import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import java.net.URI;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;

/**
 * Configures the endpoint of a servlet application.
 *
 * <p>It comes last: Spring Boot configures its default security only if no
 * {@link SecurityFilterChain} is declared, and the one declared here must not count.
 */
@AutoConfiguration(
    after = WebhookReceiverAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration",
      "org.springframework.boot.actuate.autoconfigure.security.servlet"
          + ".ManagementWebSecurityAutoConfiguration",
      "org.springframework.boot.security.autoconfigure.web.servlet"
          + ".ServletWebSecurityAutoConfiguration",
      "org.springframework.boot.security.autoconfigure.actuate.web.servlet"
          + ".ManagementWebSecurityAutoConfiguration"
    })
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnProperty(ReceiverProperties.PREFIX + ".public-url")
@ConditionalOnBooleanProperty(
    name = ReceiverProperties.PREFIX + ".endpoint.enabled",
    matchIfMissing = true)
class WebhookServletAutoConfiguration {
  static final String SECURITY_FILTER_CHAIN = "klinkWebhookSecurityFilterChain";
  private static final String SPRING_SECURITY = "springSecurityFilterChain";

  /** Just before Spring Security's filter, and after those that wrap or observe requests. */
  private static final int FILTER_ORDER = -101;

  @Bean
  EndpointPath klinkWebhookEndpointPath(
      WebhookVerifier verifier, ReceiverProperties properties, ServletContext context) {
    return EndpointPath.of(
        properties.path(),
        URI.create(verifier.target().url()).getRawPath(),
        context.getContextPath());
  }

  @Bean
  WebhookEndpointFilter klinkWebhookEndpointFilter(
      EndpointPath path, ObjectProvider<WebhookReceiver> receiver) {
    return new WebhookEndpointFilter(path, receiver::getObject);
  }

  private static FilterRegistrationBean<Filter> registration(
      WebhookEndpointFilter filter, EndpointPath path) {
    FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(filter);
    registration.setName("klinkWebhooks");
    registration.addUrlPatterns(path.patterns());
    registration.setOrder(FILTER_ORDER);
    return registration;
  }

  /** Without Spring Security, the servlet container calls the filter. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingBean(name = SPRING_SECURITY)
  static class WithoutSpringSecurity {
    @Bean
    FilterRegistrationBean<Filter> klinkWebhookFilterRegistration(
        WebhookEndpointFilter filter, EndpointPath path) {
      return registration(filter, path);
    }
  }

  /** With Spring Security, only a security filter chain of its own calls the filter. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({SecurityFilterChain.class, HttpSecurity.class})
  @ConditionalOnBean(name = SPRING_SECURITY)
  static class WithSpringSecurity {
    @Bean
    FilterRegistrationBean<Filter> klinkWebhookFilterRegistration(
        WebhookEndpointFilter filter, EndpointPath path) {
      FilterRegistrationBean<Filter> registration = registration(filter, path);
      registration.setEnabled(false);
      return registration;
    }

    @Bean(SECURITY_FILTER_CHAIN)
    @Order(Ordered.HIGHEST_PRECEDENCE)
    @ConditionalOnMissingBean(name = SECURITY_FILTER_CHAIN)
    SecurityFilterChain klinkWebhookSecurityFilterChain(
        HttpSecurity http, WebhookEndpointFilter filter) throws Exception {
      return http.securityMatcher(filter::matches)
          .csrf(AbstractHttpConfigurer::disable)
          .logout(AbstractHttpConfigurer::disable)
          .requestCache(AbstractHttpConfigurer::disable)
          .sessionManagement(AbstractHttpConfigurer::disable)
          .securityContext(AbstractHttpConfigurer::disable)
          .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
          .addFilterBefore(filter, AuthorizationFilter.class)
          .build();
    }

    @Bean
    SecurityChainCheck klinkWebhookSecurityChainCheck(
        EndpointPath path,
        WebhookEndpointFilter filter,
        @Qualifier(SPRING_SECURITY) Filter security) {
      return new SecurityChainCheck(path, filter, security);
    }
  }
}
