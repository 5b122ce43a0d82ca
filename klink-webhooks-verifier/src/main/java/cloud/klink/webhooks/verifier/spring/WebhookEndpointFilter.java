package cloud.klink.webhooks.verifier.spring;

import cloud.klink.webhooks.verifier.RefusalReason;
import cloud.klink.webhooks.verifier.receive.ReceiverResponse;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import cloud.klink.webhooks.verifier.servlet.WebhookServlet;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Supplier;
import org.springframework.util.function.SingletonSupplier;

/**
 * Receives the webhooks for one path of the application, and passes every other request on. A
 * request for another spelling of the path, with a slash at the end or with path parameters such as
 * {@code ;x}, is answered with 404.
 *
 * <p>With Spring Security it has a filter chain of its own. An application may declare that chain
 * instead, as a bean of the name {@value WebhookServletAutoConfiguration#SECURITY_FILTER_CHAIN},
 * and add this filter to it:
 *
 * <pre>{@code
 * @Bean
 * @Order(Ordered.HIGHEST_PRECEDENCE)
 * SecurityFilterChain klinkWebhookSecurityFilterChain(
 *     HttpSecurity http, WebhookEndpointFilter webhooks) {
 *   return http.securityMatcher(webhooks::matches)
 *       .csrf(csrf -> csrf.disable())
 *       .addFilterBefore(webhooks, AuthorizationFilter.class)
 *       .build();
 * }
 * }</pre>
 *
 * <p>Safe for use by many threads.
 */
public final class WebhookEndpointFilter implements Filter {
  private final EndpointPath path;
  private final Supplier<WebhookReceiver> receiver;
  private final Supplier<WebhookServlet> servlet;

  WebhookEndpointFilter(EndpointPath path, Supplier<WebhookReceiver> receiver) {
    this.path = path;
    this.receiver = receiver;
    this.servlet = SingletonSupplier.of(() -> new WebhookServlet(receiver.get()));
  }

  /**
   * Whether this filter answers a request.
   *
   * @param request any request
   * @return true if its path within the application is the endpoint's, in any spelling
   */
  public boolean matches(HttpServletRequest request) {
    return path.matches(request);
  }

  /**
   * Receives a request for the endpoint, or passes another one on.
   *
   * @param request a request, its body unread if it is for the endpoint
   * @param response receives the receiver's answer
   * @param chain the rest of the chain, for other requests
   * @throws IOException if the request cannot be read or the response cannot be written, or from
   *     the chain
   * @throws ServletException from the chain
   */
  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!(request instanceof HttpServletRequest http)
        || !(response instanceof HttpServletResponse httpResponse)
        || http.getDispatcherType() != DispatcherType.REQUEST
        || !path.matches(http)) {
      chain.doFilter(request, response);
    } else if (path.matchesExactly(http)) {
      servlet.get().service(request, response);
    } else {
      refuse(httpResponse);
    }
  }

  /** Does not use {@code sendError}, whose error page may require a login. */
  private void refuse(HttpServletResponse response) throws IOException {
    ReceiverResponse answer =
        ReceiverResponse.refused(RefusalReason.WRONG_PATH, receiver.get().verifier());
    response.setStatus(answer.status());
    answer.headers().forEach(response::setHeader);
    response.getOutputStream().write(answer.body());
  }

  /** Returns the name of this class and the path. */
  @Override
  public String toString() {
    return "WebhookEndpointFilter[" + path.path() + "]";
  }
}
