package cloud.klink.webhooks.verifier.spring;

import jakarta.servlet.Filter;
import java.util.List;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.debug.DebugFilter;

/**
 * Fails the startup if Spring Security does not route webhooks to the filter that verifies them.
 */
final class SecurityChainCheck implements SmartInitializingSingleton {
  private final EndpointPath path;
  private final WebhookEndpointFilter filter;
  private final Filter security;

  SecurityChainCheck(EndpointPath path, WebhookEndpointFilter filter, Filter security) {
    this.path = path;
    this.filter = filter;
    this.security = security;
  }

  @Override
  public void afterSingletonsInstantiated() {
    FilterChainProxy chains =
        security instanceof DebugFilter debug ? debug.getFilterChainProxy() : proxy(security);
    List<Filter> filters = chains.getFilters(path.path());
    if (filters == null || !filters.contains(filter)) {
      throw ReceiverSetupException.of(
          "the first security filter chain that matches " + path.path()
              + " does not have the WebhookEndpointFilter, so no webhook would be received",
          "give your chain a securityMatcher that excludes the path, or an @Order below the highest"
              + " precedence, or add the bean WebhookEndpointFilter to it",
          null);
    }
  }

  private static FilterChainProxy proxy(Filter security) {
    if (security instanceof FilterChainProxy chains) {
      return chains;
    }
    throw ReceiverSetupException.of(
        "the bean springSecurityFilterChain is not a FilterChainProxy but a " + security.getClass(),
        "set " + ReceiverProperties.PREFIX + ".endpoint.enabled=false and call the bean"
            + " WebhookReceiver from your own code",
        null);
  }
}
