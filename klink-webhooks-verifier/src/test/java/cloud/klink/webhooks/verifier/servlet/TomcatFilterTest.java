package cloud.klink.webhooks.verifier.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.verifier.AdapterContract;
import cloud.klink.webhooks.verifier.Fixtures;
import cloud.klink.webhooks.verifier.RawClient;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The filter in Tomcat, mapped to every kind of dispatch. */
class TomcatFilterTest extends AdapterContract {
  private static final byte[] BODY = Fixtures.utf8("{\"a\":\"é😀\",\"b\":1}");
  private static final String AUTHENTICATED =
      "application/json UTF-8 " + new String(BODY, StandardCharsets.UTF_8);

  @TempDir
  private Path directory;

  private final WebhookVerifier verifier = Fixtures.verifier().build();
  private final WebhookFilter filter =
      WebhookFilter.builder(verifier).deduplicate(ProcessedEvents.inMemory()).build();

  private interface Action {
    void handle(HttpServletRequest request, HttpServletResponse response) throws IOException;
  }

  private static HttpServlet servlet(Action action) {
    return new HttpServlet() {
      private static final long serialVersionUID = 1L;

      @Override
      protected void service(HttpServletRequest request, HttpServletResponse response)
          throws IOException {
        action.handle(request, response);
      }
    };
  }

  @Override
  protected Server start(WebhookVerifier ofTheContract) throws Exception {
    return new Tomcat11(
        directory,
        servlet((request, response) -> {
          if (request.getDispatcherType() == DispatcherType.REQUEST) {
            received.add(WebhookFilter.webhook(request));
          }
        }),
        WebhookFilter.builder(ofTheContract).path("/internal/path").build());
  }

  private RawClient.Response post(Action action, Filter... before) throws Exception {
    Filter[] filters = Arrays.copyOf(before, before.length + 1);
    filters[before.length] = filter;
    try (Tomcat11 tomcat = new Tomcat11(directory, servlet(action), filters)) {
      return post(tomcat);
    }
  }

  private static RawClient.Response post(Tomcat11 tomcat) throws IOException {
    try (RawClient client = new RawClient(tomcat.port())) {
      client.head(
          "POST /klink?" + Fixtures.QUERY,
          "X-Signature: " + Fixtures.sign(BODY),
          "Content-Length: " + BODY.length);
      client.bytes(BODY);
      return client.response();
    }
  }

  private static void answer(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    byte[] told = Fixtures.utf8(request.getContentType() + " " + request.getCharacterEncoding()
        + " " + request.getReader().readLine());
    response.setContentLength(told.length);
    response.getOutputStream().write(told);
  }

  @Test
  void errorDispatch_throughTheFilter_reachesTheErrorPageAsAuthenticated() throws Exception {
    RawClient.Response response = post((request, out) -> {
      if (request.getDispatcherType() == DispatcherType.ERROR) {
        answer(request, out);
      } else {
        throw new IllegalStateException("on purpose");
      }
    });
    assertThat(response.status()).isEqualTo(500);
    assertThat(response.body()).isEqualTo(AUTHENTICATED);
    assertThat(post(TomcatFilterTest::answer).body()).isEqualTo(AUTHENTICATED);
  }

  @Test
  void asyncDispatch_throughTheFilter_isNotVerifiedAgain() throws Exception {
    Action asynchronous = (request, out) -> {
      if (request.getDispatcherType() == DispatcherType.REQUEST) {
        request.startAsync().dispatch();
      } else {
        answer(request, out);
      }
    };
    try (Tomcat11 tomcat = new Tomcat11(directory, servlet(asynchronous), filter)) {
      assertThat(post(tomcat).body()).isEqualTo(AUTHENTICATED);
      // The end of an asynchronous exchange is told after its answer was sent.
      await().until(() -> post(tomcat).body().contains("\"duplicate\""));
    }
  }

  @Test
  void asyncDispatch_thatFails_leavesTheEventToItsRepetition() throws Exception {
    RawClient.Response response = post((request, out) -> {
      if (request.getDispatcherType() == DispatcherType.REQUEST) {
        request.startAsync().dispatch();
      } else if (request.getDispatcherType() == DispatcherType.ASYNC) {
        throw new IllegalStateException("on purpose");
      }
    });
    assertThat(response.status()).isEqualTo(500);
    assertThat(post(TomcatFilterTest::answer).body()).isEqualTo(AUTHENTICATED);
  }

  @Test
  void asynchronousProcessing_thatIsTooLate_leavesTheEventToItsRepetition() throws Exception {
    RawClient.Response response = post((request, out) -> {
      if (request.getDispatcherType() == DispatcherType.REQUEST) {
        request.startAsync().setTimeout(50);
      }
    });
    assertThat(response.status()).isEqualTo(500);
    assertThat(post(TomcatFilterTest::answer).body()).isEqualTo(AUTHENTICATED);
  }

  @Test
  void characterEncoding_setBeforeTheFilter_changesNothing() throws Exception {
    Filter before = (request, response, chain) -> {
      request.setCharacterEncoding("UTF-16");
      chain.doFilter(request, response);
    };
    assertThat(post(TomcatFilterTest::answer, before).body()).isEqualTo(AUTHENTICATED);
  }
}
