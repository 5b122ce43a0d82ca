package cloud.klink.webhooks.verifier.servlet;

import static cloud.klink.webhooks.verifier.servlet.FilterExchange.AUTHENTICATED;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.CANONICAL;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.TARGET;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.answer;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.answerAsAuthenticated;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.deduplicating;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.post;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.postToAllDispatches;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.servlet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.verifier.Fixtures;
import cloud.klink.webhooks.verifier.RawClient;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.servlet.FilterExchange.Action;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Dispatches of a container behind and through the filter. */
class FilterDispatchTest {
  private final List<VerifiedWebhook> received = new CopyOnWriteArrayList<>();

  @Test
  void request_afterAnAsynchronousDispatch_isTheAuthenticatedOne() throws Exception {
    RawClient.Response response = answer((request, out) -> {
      if (request.getDispatcherType() == DispatcherType.REQUEST) {
        request.startAsync().dispatch();
      } else {
        answerAsAuthenticated(request, out);
      }
    });
    assertThat(response.body()).isEqualTo(AUTHENTICATED);
  }

  @Test
  void request_afterAForwardOrInclude_isTheAuthenticatedOne() throws Exception {
    RawClient.Response forwarded = answer((request, out) -> {
      if (request.getDispatcherType() == DispatcherType.REQUEST) {
        dispatch(request, to -> to.forward(request, out));
      } else {
        answerAsAuthenticated(request, out);
      }
    });
    assertThat(forwarded.body()).isEqualTo(AUTHENTICATED);
    RawClient.Response included = answer((request, out) -> {
      if (request.getDispatcherType() == DispatcherType.REQUEST) {
        dispatch(request, to -> to.include(request, out));
      } else {
        answerAsAuthenticated(request, out);
      }
    });
    assertThat(included.body()).endsWith(new String(CANONICAL, StandardCharsets.UTF_8));
  }

  @Test
  void errorDispatch_throughTheFilter_reachesTheErrorPageAsAuthenticated() throws Exception {
    WebhookFilter filter = deduplicating();
    for (Action failing : List.<Action>of((request, out) -> out.sendError(503), (request, out) -> {
      throw new IllegalStateException("on purpose");
    })) {
      RawClient.Response response = postToAllDispatches(
          servlet((request, out) -> {
            if (request.getDispatcherType() == DispatcherType.ERROR) {
              assertThat(request.getRequestURI()).isEqualTo("/error");
              answerAsAuthenticated(request, out);
            } else {
              failing.handle(request, out);
            }
          }),
          filter);
      assertThat(response.status()).isGreaterThanOrEqualTo(500);
      assertThat(response.body()).isEqualTo(AUTHENTICATED);
    }
    HttpServlet servlet = servlet((request, out) -> received.add(WebhookFilter.webhook(request)));
    assertThat(post(filter, servlet, TARGET).status()).isEqualTo(200);
    assertThat(received).hasSize(1);
  }

  @Test
  void asyncDispatch_throughTheFilter_isNotVerifiedAgain() throws Exception {
    WebhookFilter filter = deduplicating();
    HttpServlet servlet = servlet((request, out) -> {
      if (request.getDispatcherType() == DispatcherType.REQUEST) {
        request.startAsync().dispatch();
      } else {
        answerAsAuthenticated(request, out);
      }
    });
    try (Jetty jetty = new Jetty(EnumSet.allOf(DispatcherType.class), servlet, filter)) {
      assertThat(post(jetty).body()).isEqualTo(AUTHENTICATED);
      // The end of an asynchronous exchange is told after its answer was sent, and by a server that
      // stops meanwhile perhaps never.
      await().until(() -> post(jetty).body().contains("\"duplicate\""));
    }
  }

  @Test
  void dispatch_ofWhatWasNotLetThrough_isVerified() throws Exception {
    Filter forwarding = (request, response, chain) -> {
      if (request.getDispatcherType() == DispatcherType.REQUEST) {
        request.getRequestDispatcher("/klink?" + Fixtures.QUERY).forward(request, response);
      } else {
        chain.doFilter(request, response);
      }
    };
    try (Jetty jetty = new Jetty(
            EnumSet.allOf(DispatcherType.class),
            servlet((request, out) -> received.add(WebhookFilter.webhook(request))),
            forwarding,
            new WebhookFilter(Fixtures.verifier().build()));
        RawClient client = new RawClient(jetty.port())) {
      client.head(
          "POST " + TARGET,
          "X-Signature: " + "0".repeat(64),
          "Content-Length: " + CANONICAL.length);
      client.bytes(CANONICAL);
      assertThat(client.response().status()).isEqualTo(401);
    }
    assertThat(received).isEmpty();
  }

  private interface Dispatch {
    void to(RequestDispatcher dispatcher) throws IOException, ServletException;
  }

  private static void dispatch(HttpServletRequest request, Dispatch dispatch) throws IOException {
    try {
      dispatch.to(request.getRequestDispatcher("/elsewhere"));
    } catch (ServletException e) {
      throw new IllegalStateException(e);
    }
  }
}
