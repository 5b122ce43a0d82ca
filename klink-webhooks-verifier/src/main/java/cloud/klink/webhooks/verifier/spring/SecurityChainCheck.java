package cloud.klink.webhooks.verifier.spring;

import jakarta.servlet.Filter;
import java.util.List;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.debug.DebugFilter;

/**
 * Lets the start fail if Spring Security does not lead webhooks to the filter that verifies them.
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
          "the chain of Spring Security's that is first for " + path.path()
              + " does not have the WebhookEndpointFilter, so no webhook would be received",
          "give your chain a securityMatcher without that path or an @Order behind the highest"
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
        "set " + ReceiverProperties.PREFIX + ".endpoint.enabled=false and call the WebhookReceiver"
            + " by hand",
        null);
  }
}
