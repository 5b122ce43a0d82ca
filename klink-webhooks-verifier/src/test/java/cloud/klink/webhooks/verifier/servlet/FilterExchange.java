package cloud.klink.webhooks.verifier.servlet;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.EnumSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Exchanges with a servlet behind a filter in a real container. */
final class FilterExchange {
  static final byte[] CANONICAL = Fixtures.utf8("{\"a\":\"é😀\",\"b\":1}");
  static final byte[] SENT = Fixtures.utf8("{ \"b\" : 1,\n \"a\" : \"\\u00e9😀\" }");
  static final String TARGET = "/klink?" + Fixtures.QUERY;

  /** What {@link #answerAsAuthenticated} answers. */
  static final String AUTHENTICATED = "application/json UTF-8 " + Fixtures.QUERY + " production "
      + new String(CANONICAL, StandardCharsets.UTF_8);

  private FilterExchange() {}

  /** What a servlet does. */
  interface Action {
    void handle(HttpServletRequest request, HttpServletResponse response) throws IOException;
  }

  static HttpServlet servlet(Action action) {
    return new HttpServlet() {
      private static final long serialVersionUID = 1L;

      @Override
      protected void service(HttpServletRequest request, HttpServletResponse response)
          throws IOException {
        action.handle(request, response);
      }
    };
  }

  /** What a servlet behind the filter answers to a request whose body is not canonical. */
  static RawClient.Response answer(Action action) throws Exception {
    return answer(action, new CountDownLatch(0));
  }

  /** The same of one that goes on after its answer; the connection stays until it is done. */
  static RawClient.Response answer(Action action, CountDownLatch done) throws Exception {
    try (Jetty jetty =
            new Jetty(servlet(action), new WebhookFilter(Fixtures.verifier().build()));
        RawClient client = new RawClient(jetty.port())) {
      client.head(
          "POST /klink?" + Fixtures.QUERY,
          "X-Signature: " + Fixtures.sign(CANONICAL),
          "Transfer-Encoding: chunked");
      client.bytes(Fixtures.utf8(Integer.toHexString(SENT.length) + "\r\n"));
      client.bytes(SENT);
      client.bytes(Fixtures.utf8("\r\n0\r\n\r\n"));
      RawClient.Response response = client.response();
      assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
      return response;
    }
  }

  static void send(HttpServletResponse response, byte[] body) throws IOException {
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  static RawClient.Response post(Filter filter, HttpServlet servlet, String target)
      throws Exception {
    try (Jetty jetty = new Jetty(servlet, filter);
        RawClient client = new RawClient(jetty.port())) {
      client.head(
          "POST " + target,
          "X-Signature: " + Fixtures.sign(CANONICAL),
          "Content-Length: " + CANONICAL.length);
      client.bytes(CANONICAL);
      return client.response();
    }
  }

  static void sendEvent(RawClient client) throws IOException {
    client.head(
        "POST " + TARGET,
        "X-Signature: " + Fixtures.sign(CANONICAL),
        "Content-Length: " + CANONICAL.length);
    client.bytes(CANONICAL);
  }

  static RawClient.Response postToAllDispatches(HttpServlet servlet, Filter... filters)
      throws Exception {
    try (Jetty jetty = new Jetty(EnumSet.allOf(DispatcherType.class), servlet, filters)) {
      return post(jetty);
    }
  }

  static RawClient.Response post(Jetty jetty) throws IOException {
    try (RawClient client = new RawClient(jetty.port())) {
      sendEvent(client);
      return client.response();
    }
  }

  static WebhookFilter deduplicating() {
    WebhookVerifier verifier = Fixtures.verifier().build();
    return WebhookFilter.builder(verifier)
        .deduplicate(ProcessedEvents.inMemory())
        .build();
  }

  static void answerAsAuthenticated(HttpServletRequest request, HttpServletResponse out)
      throws IOException {
    assertThat(WebhookFilter.webhook(request).body().toBytes()).isEqualTo(CANONICAL);
    String told = request.getContentType() + " " + request.getCharacterEncoding() + " "
        + request.getQueryString() + " " + request.getParameter("env") + " ";
    send(out, Fixtures.utf8(told + request.getReader().readLine()));
  }
}
