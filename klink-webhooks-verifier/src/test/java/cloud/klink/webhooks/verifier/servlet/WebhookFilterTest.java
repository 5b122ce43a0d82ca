package cloud.klink.webhooks.verifier.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.verifier.AdapterContract;
import cloud.klink.webhooks.verifier.Fixtures;
import cloud.klink.webhooks.verifier.RawClient;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import cloud.klink.webhooks.verifier.receive.ReceiverResponse;
import cloud.klink.webhooks.verifier.receive.RefusedRequest;
import cloud.klink.webhooks.verifier.receive.WebhookReceiverListener;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ReadListener;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class WebhookFilterTest extends AdapterContract {
  private static final byte[] CANONICAL = Fixtures.utf8("{\"a\":\"é😀\",\"b\":1}");
  private static final byte[] SENT = Fixtures.utf8("{ \"b\" : 1,\n \"a\" : \"\\u00e9😀\" }");

  @Override
  protected Server start(WebhookVerifier verifier) throws Exception {
    return new Jetty(
        servlet((request, response) -> received.add(WebhookFilter.webhook(request))),
        WebhookFilter.builder(verifier).path("/internal/path").build());
  }

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

  /** What a servlet behind the filter answers to a request whose body is not canonical. */
  private static RawClient.Response answer(Action action) throws Exception {
    return answer(action, new CountDownLatch(0));
  }

  /** The same of one that goes on after its answer; the connection stays until it is done. */
  private static RawClient.Response answer(Action action, CountDownLatch done) throws Exception {
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

  private static void send(HttpServletResponse response, byte[] body) throws IOException {
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  @Test
  void inputStream_behindTheFilter_isTheCanonicalBody() throws Exception {
    RawClient.Response response =
        answer((request, out) -> send(out, request.getInputStream().readAllBytes()));
    assertThat(response.body()).isEqualTo(new String(CANONICAL, StandardCharsets.UTF_8));
  }

  @Test
  void inputStream_byteForByte_isTheCanonicalBody() throws Exception {
    RawClient.Response response = answer((request, out) -> {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ServletInputStream in = request.getInputStream();
      assertThat(in.available()).isEqualTo(CANONICAL.length);
      for (int b = in.read(); b >= 0; b = in.read()) {
        bytes.write(b);
      }
      assertThat(in.isFinished()).isTrue();
      send(out, bytes.toByteArray());
    });
    assertThat(response.body()).isEqualTo(new String(CANONICAL, StandardCharsets.UTF_8));
  }

  @Test
  void reader_behindTheFilter_isTheCanonicalBodyInUtf8() throws Exception {
    RawClient.Response response =
        answer((request, out) -> send(out, Fixtures.utf8(request.getReader().readLine())));
    assertThat(response.body()).isEqualTo(new String(CANONICAL, StandardCharsets.UTF_8));
  }

  @Test
  void reader_afterTheInputStream_isRefused() throws Exception {
    RawClient.Response response = answer((request, out) -> {
      assertThat(request.getInputStream()).isSameAs(request.getInputStream());
      assertThatIllegalStateException().isThrownBy(request::getReader);
      send(out, Fixtures.utf8("checked"));
    });
    assertThat(response.body()).isEqualTo("checked");
  }

  @Test
  void inputStream_afterTheReader_isRefused() throws Exception {
    RawClient.Response response = answer((request, out) -> {
      assertThat(request.getReader()).isSameAs(request.getReader());
      assertThatIllegalStateException().isThrownBy(request::getInputStream);
      send(out, Fixtures.utf8("checked"));
    });
    assertThat(response.body()).isEqualTo("checked");
  }

  @Test
  void headers_behindTheFilter_describeTheCanonicalBody() throws Exception {
    RawClient.Response response = answer((request, out) -> {
      assertThat(request.getContentLength()).isEqualTo(CANONICAL.length);
      assertThat(request.getContentLengthLong()).isEqualTo(CANONICAL.length);
      assertThat(request.getIntHeader("content-length")).isEqualTo(CANONICAL.length);
      assertThat(request.getHeader("content-length")).isEqualTo("" + CANONICAL.length);
      assertThat(Collections.list(request.getHeaders("Content-Length")))
          .containsExactly("" + CANONICAL.length);
      assertThat(request.getHeader("Transfer-Encoding")).isNull();
      assertThat(Collections.list(request.getHeaders("Transfer-Encoding"))).isEmpty();
      assertThat(Collections.list(request.getHeaderNames()))
          .contains("Content-Length", "X-Signature")
          .doesNotContain("Transfer-Encoding");
      assertThat(request.getIntHeader("X-None")).isEqualTo(-1);
      assertThat(request.getCharacterEncoding()).isEqualTo("UTF-8");
      send(out, Fixtures.utf8("checked"));
    });
    assertThat(response.body()).isEqualTo("checked");
  }

  @Test
  void description_ofTheBodyThatCameIn_isNotHandedOn() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    HttpServlet servlet = servlet((request, out) -> {
      told.add(request.getContentType());
      told.add(request.getHeader("content-type"));
      told.addAll(Collections.list(request.getHeaders("Content-Type")));
      told.add(request.getCharacterEncoding());
      request.setCharacterEncoding("UTF-16");
      told.add(request.getReader().readLine());
      assertThat(Collections.list(request.getHeaderNames()))
          .doesNotContain("Content-Encoding", "Content-Digest");
      assertThat(request.getHeader("Content-Encoding")).isNull();
      assertThatThrownBy(request::getParts).isInstanceOf(ServletException.class);
      assertThatThrownBy(() -> request.getPart("a")).isInstanceOf(ServletException.class);
      send(out, Fixtures.utf8("checked"));
    });
    try (Jetty jetty = new Jetty(servlet, new WebhookFilter(Fixtures.verifier().build()));
        RawClient client = new RawClient(jetty.port())) {
      client.head(
          "POST /klink?" + Fixtures.QUERY,
          "X-Signature: " + Fixtures.sign(CANONICAL),
          "Content-Type: multipart/form-data; boundary=x; charset=GBK",
          "Content-Encoding: gzip",
          "Content-Digest: sha-256=:AAAA:",
          "Content-Length: " + SENT.length);
      client.bytes(SENT);
      assertThat(client.response().body()).isEqualTo("checked");
    }
    assertThat(told)
        .containsExactly(
            "application/json",
            "application/json",
            "application/json",
            "UTF-8",
            new String(CANONICAL, StandardCharsets.UTF_8));
  }

  private RawClient.Response post(Filter filter, HttpServlet servlet, String target)
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

  @Test
  void query_behindTheFilter_isThePublicUrls() throws Exception {
    HttpServlet servlet = servlet((request, out) -> {
      assertThat(request.getQueryString()).isEqualTo(Fixtures.QUERY);
      assertThat(request.getParameter("env")).isEqualTo("production");
      assertThat(request.getParameterValues("tag")).containsExactly("b", "a");
      assertThat(request.getParameter("none")).isNull();
      assertThat(request.getParameterValues("none")).isNull();
      assertThat(Collections.list(request.getParameterNames())).containsExactly("env", "tag");
      assertThat(request.getParameterMap()).containsOnlyKeys("env", "tag");
      send(out, Fixtures.utf8("checked"));
    });
    WebhookFilter filter = new WebhookFilter(Fixtures.verifier().build());
    assertThat(post(filter, servlet, "/klink?tag=a&%65nv=production&tag=b").body())
        .isEqualTo("checked");
  }

  @Test
  void query_thatOnlyPrintsLikeThePublicUrls_isRefused() throws Exception {
    WebhookVerifier verifier = WebhookVerifier.builder()
        .publicUrl("https://hooks.example.com/klink?env=production&tenant=5")
        .secret(Fixtures.SECRET)
        .build();
    RawClient.Response response = post(
        new WebhookFilter(verifier),
        servlet((request, out) -> received.add(WebhookFilter.webhook(request))),
        "/klink?env=production%5D%26tenant%3D%5B5");
    assertThat(response.status()).isEqualTo(400);
    assertThat(response.body()).contains("wrong_query");
    assertThat(received).isEmpty();
  }

  @Test
  void path_thatIsNotGuarded_isNotReached() throws Exception {
    WebhookFilter filter = new WebhookFilter(Fixtures.verifier().build());
    for (String path : List.of(
        "/admin/delete-everything", "/klink/", "/klink;a=b", "/%6blink", "/klink/../admin", "/")) {
      RawClient.Response response = post(
          filter,
          servlet((request, out) -> received.add(WebhookFilter.webhook(request))),
          path + "?" + Fixtures.QUERY);
      assertThat(response.status()).as(path).isEqualTo(404);
    }
    assertThat(received).isEmpty();
  }

  @Test
  void path_withAQuery_isRefused() {
    WebhookFilter.Builder builder = WebhookFilter.builder(Fixtures.verifier().build());
    for (String path : List.of("", "klink", "/klink?a=b")) {
      assertThatThrownBy(() -> builder.path(path).build())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("path");
    }
  }

  private static WebhookFilter deduplicating() {
    WebhookVerifier verifier = Fixtures.verifier().build();
    return WebhookFilter.builder(verifier)
        .deduplicate(ProcessedEvents.inMemory())
        .build();
  }

  @Test
  void filter_thatFailsWithin_answers500AndReachesNothing() throws Exception {
    List<Throwable> failures = List.of(
        new IllegalStateException("on purpose"),
        new NoSuchMethodError("on purpose"),
        new OutOfMemoryError("on purpose"),
        new AssertionError("on purpose"),
        new TimeoutException("not declared"));
    for (Throwable failure : failures) {
      WebhookVerifier verifier = Fixtures.verifier().build();
      Clock clock = new Clock() {
        @Override
        public Instant instant() {
          return sneak(failure);
        }

        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }
      };
      WebhookFilter filter = WebhookFilter.builder(verifier)
          .deduplicate(ProcessedEvents.inMemory())
          .clock(clock)
          .build();
      RawClient.Response response = post(
          filter, servlet((request, out) -> received.add(WebhookFilter.webhook(request))), TARGET);
      assertThat(response.status()).as(failure.toString()).isEqualTo(500);
      assertThat(response.body()).contains("\"receiver_failed\"").doesNotContain("purpose");
    }
    assertThat(received).isEmpty();
  }

  /** Throws anything from where it is not declared. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <R, E extends Throwable> R sneak(Throwable failure) throws E {
    throw (E) failure;
  }

  @Test
  void servlet_thatThrowsAnError_leavesTheEventToItsRepetition() throws Exception {
    WebhookFilter filter = deduplicating();
    HttpServlet throwing = servlet((request, out) -> {
      throw new AssertionError("on purpose");
    });
    assertThat(post(filter, throwing, TARGET).status()).isEqualTo(500);
    HttpServlet servlet = servlet((request, out) -> received.add(WebhookFilter.webhook(request)));
    assertThat(post(filter, servlet, TARGET).status()).isEqualTo(200);
    assertThat(received).hasSize(1);
  }

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

  private static final String AUTHENTICATED = "application/json UTF-8 " + Fixtures.QUERY
      + " production " + new String(CANONICAL, StandardCharsets.UTF_8);

  private static void answerAsAuthenticated(HttpServletRequest request, HttpServletResponse out)
      throws IOException {
    assertThat(WebhookFilter.webhook(request).body().toBytes()).isEqualTo(CANONICAL);
    String told = request.getContentType() + " " + request.getCharacterEncoding() + " "
        + request.getQueryString() + " " + request.getParameter("env") + " ";
    send(out, Fixtures.utf8(told + request.getReader().readLine()));
  }

  private static final String TARGET = "/klink?" + Fixtures.QUERY;

  @Test
  void repetition_ofAnEventThatWasAnsweredWith2xx_isAnsweredByTheFilter() throws Exception {
    WebhookFilter filter = deduplicating();
    HttpServlet servlet = servlet((request, out) -> received.add(WebhookFilter.webhook(request)));
    assertThat(post(filter, servlet, TARGET).status()).isEqualTo(200);
    RawClient.Response second = post(filter, servlet, TARGET);
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.body()).contains("\"duplicate\"");
    assertThat(received).hasSize(1);
  }

  @Test
  void repetition_ofAnEventThatFailed_isLetThrough() throws Exception {
    WebhookFilter filter = deduplicating();
    HttpServlet failing = servlet((request, out) -> out.sendError(500));
    HttpServlet throwing = servlet((request, out) -> {
      throw new IllegalStateException("on purpose");
    });
    assertThat(post(filter, failing, TARGET).status()).isEqualTo(500);
    assertThat(post(filter, throwing, TARGET).status()).isEqualTo(500);
    HttpServlet servlet = servlet((request, out) -> received.add(WebhookFilter.webhook(request)));
    assertThat(post(filter, servlet, TARGET).status()).isEqualTo(200);
    assertThat(received).hasSize(1);
  }

  @Test
  void repetition_duringAsynchronousProcessing_isInProgress() throws Exception {
    WebhookFilter filter = deduplicating();
    List<AsyncContext> open = new CopyOnWriteArrayList<>();
    HttpServlet servlet = servlet((request, out) -> open.add(request.startAsync()));
    try (Jetty jetty = new Jetty(servlet, filter);
        RawClient first = new RawClient(jetty.port());
        RawClient second = new RawClient(jetty.port());
        RawClient third = new RawClient(jetty.port())) {
      sendEvent(first);
      await().until(() -> !open.isEmpty());
      sendEvent(second);
      assertThat(second.response().body()).contains("in_progress");
      open.get(0).complete();
      assertThat(first.response().status()).isEqualTo(200);
      await().until(() -> {
        sendEvent(third);
        return third.response().body().contains("duplicate");
      });
    }
  }

  private static void sendEvent(RawClient client) throws IOException {
    client.head(
        "POST " + TARGET,
        "X-Signature: " + Fixtures.sign(CANONICAL),
        "Content-Length: " + CANONICAL.length);
    client.bytes(CANONICAL);
  }

  private static RawClient.Response postToAllDispatches(HttpServlet servlet, Filter... filters)
      throws Exception {
    try (Jetty jetty = new Jetty(EnumSet.allOf(DispatcherType.class), servlet, filters);
        RawClient client = new RawClient(jetty.port())) {
      sendEvent(client);
      return client.response();
    }
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
    assertThat(postToAllDispatches(servlet, filter).body()).isEqualTo(AUTHENTICATED);
    // The end of an asynchronous exchange is told after its answer was sent.
    await().until(() -> postToAllDispatches(servlet, filter).body().contains("\"duplicate\""));
  }

  @Test
  void asyncDispatch_thatFails_leavesTheEventToItsRepetition() throws Exception {
    WebhookFilter filter = deduplicating();
    HttpServlet failing = servlet((request, out) -> {
      if (request.getDispatcherType() == DispatcherType.REQUEST) {
        request.startAsync().dispatch();
      } else {
        throw new IllegalStateException("on purpose");
      }
    });
    assertThat(post(filter, failing, TARGET).status()).isEqualTo(500);
    HttpServlet servlet = servlet((request, out) -> received.add(WebhookFilter.webhook(request)));
    assertThat(post(filter, servlet, TARGET).status()).isEqualTo(200);
    assertThat(received).hasSize(1);
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

  @Test
  void asynchronousProcessing_thatIsTooLate_isLeftToTheRepetitionUnlessItIsAnsweredWith2xx()
      throws Exception {
    WebhookFilter filter = deduplicating();
    HttpServlet late = servlet((request, out) -> request.startAsync().setTimeout(50));
    assertThat(post(filter, late, TARGET).status()).isEqualTo(500);
    HttpServlet answered = servlet((request, out) -> {
      if (request.getDispatcherType() == DispatcherType.REQUEST) {
        AsyncContext async = request.startAsync();
        async.setTimeout(50);
        async.addListener(new OnTimeout(async::dispatch));
      } else {
        received.add(WebhookFilter.webhook(request));
      }
    });
    assertThat(post(filter, answered, TARGET).status()).isEqualTo(200);
    assertThat(post(filter, answered, TARGET).body()).contains("\"duplicate\"");
    assertThat(received).hasSize(1);
  }

  private record OnTimeout(Runnable action) implements AsyncListener {
    @Override
    public void onTimeout(AsyncEvent event) {
      action.run();
    }

    @Override
    public void onComplete(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {}
  }

  @Test
  void characterEncoding_setBeforeTheFilter_changesNothing() throws Exception {
    for (String encoding : List.of("UTF-16", "GBK", "ISO-8859-1")) {
      Filter before = (request, response, chain) -> {
        request.setCharacterEncoding(encoding);
        response.setCharacterEncoding(encoding);
        chain.doFilter(request, response);
      };
      try (Jetty jetty = new Jetty(
              servlet(WebhookFilterTest::answerAsAuthenticated),
              before,
              new WebhookFilter(Fixtures.verifier().build()));
          RawClient client = new RawClient(jetty.port())) {
        sendEvent(client);
        assertThat(client.response().body()).as(encoding).isEqualTo(AUTHENTICATED);
      }
    }
  }

  @Test
  void listener_isToldWhatBecomesOfEachRequest() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    WebhookVerifier verifier = Fixtures.verifier().build();
    WebhookFilter filter = WebhookFilter.builder(verifier)
        .deduplicate(ProcessedEvents.inMemory())
        .listener(new Telling(told))
        .build();
    HttpServlet throwing = servlet((request, out) -> {
      throw new IllegalStateException("on purpose");
    });
    post(filter, throwing, TARGET);
    post(filter, servlet((request, out) -> out.sendError(503)), TARGET);
    post(filter, servlet((request, out) -> request.startAsync().complete()), TARGET);
    await().until(() -> told.contains("accepted processed"));
    post(filter, servlet((request, out) -> {}), TARGET);
    post(filter, servlet((request, out) -> {}), "/elsewhere");
    post(filter, servlet((request, out) -> {}), "/klink?a=b");

    assertThat(told)
        .containsExactly(
            "verified",
            "failed on purpose",
            "refused handler_failed",
            "verified",
            "handled",
            "refused handler_failed",
            "verified",
            "handled",
            "accepted processed",
            "verified",
            "duplicate",
            "refused wrong_path of 0 bytes",
            "refused wrong_query of 0 bytes");
  }

  @Test
  void listener_thatThrows_changesNothing() throws Exception {
    WebhookFilter filter = WebhookFilter.builder(Fixtures.verifier().build())
        .listener(new Telling(List.of()))
        .build();
    HttpServlet servlet = servlet((request, out) -> received.add(WebhookFilter.webhook(request)));
    assertThat(post(filter, servlet, TARGET).status()).isEqualTo(200);
    assertThat(received).hasSize(1);
  }

  private record Telling(List<String> told) implements WebhookReceiverListener {
    @Override
    public void onVerified(VerifiedWebhook webhook, Duration time) {
      told.add("verified");
    }

    @Override
    public void onAccepted(VerifiedWebhook webhook, ReceiverResponse response) {
      told.add("accepted " + response.code());
    }

    @Override
    public void onDuplicate(VerifiedWebhook webhook) {
      told.add("duplicate");
    }

    @Override
    public void onRefused(RefusedRequest refused) {
      told.add("refused " + refused.reason().code()
          + refused.request().map(r -> " of " + r.body().length + " bytes").orElse(""));
    }

    @Override
    public void onHandled(VerifiedWebhook webhook, Duration time) {
      told.add("handled");
    }

    @Override
    public void onHandlerFailed(VerifiedWebhook webhook, Duration time, Throwable failure) {
      told.add("failed " + failure.getMessage());
    }
  }

  @Test
  void readListener_behindTheFilter_readsToTheEnd() throws Exception {
    List<String> calls = new CopyOnWriteArrayList<>();
    CountDownLatch done = new CountDownLatch(1);
    RawClient.Response response = answer(
        (request, out) -> {
          AsyncContext async = request.startAsync();
          ServletInputStream in = request.getInputStream();
          in.setReadListener(new Collecting(calls, in, async, out, done));
        },
        done);
    assertThat(response.body()).isEqualTo(new String(CANONICAL, StandardCharsets.UTF_8));
    assertThat(calls).containsExactly("data", "end");
  }

  @Test
  void readListener_thatReadsElsewhere_isToldTheEnd() throws Exception {
    List<String> calls = new CopyOnWriteArrayList<>();
    CountDownLatch done = new CountDownLatch(1);
    RawClient.Response response = answer(
        (request, out) -> {
          AsyncContext async = request.startAsync();
          ServletInputStream in = request.getInputStream();
          in.setReadListener(new Collecting(calls, in, async, out, done) {
            @Override
            public void onDataAvailable() {
              async.start(this::readAll);
            }
          });
        },
        done);
    assertThat(response.body()).isEqualTo(new String(CANONICAL, StandardCharsets.UTF_8));
    assertThat(calls).endsWith("end").containsOnlyOnce("end");
  }

  @Test
  void readListener_thatFails_isToldSo() throws Exception {
    List<String> calls = new CopyOnWriteArrayList<>();
    CountDownLatch done = new CountDownLatch(1);
    RawClient.Response response = answer(
        (request, out) -> {
          AsyncContext async = request.startAsync();
          ServletInputStream in = request.getInputStream();
          in.setReadListener(new Collecting(calls, in, async, out, done) {
            @Override
            public void onDataAvailable() {
              throw new IllegalStateException("on purpose");
            }
          });
        },
        done);
    assertThat(response.body()).isEqualTo("on purpose");
    assertThat(calls).containsExactly("error");
  }

  @Test
  void readListener_withoutAsync_isRefused() throws Exception {
    RawClient.Response response = answer((request, out) -> {
      ServletInputStream in = request.getInputStream();
      assertThatIllegalStateException()
          .isThrownBy(() ->
              in.setReadListener(new Collecting(List.of(), in, null, out, new CountDownLatch(0))));
      send(out, Fixtures.utf8("checked"));
    });
    assertThat(response.body()).isEqualTo("checked");
  }

  @Test
  void webhook_withoutTheFilter_isRefused() throws Exception {
    try (Jetty jetty = new Jetty(servlet((request, out) -> {
          assertThatIllegalStateException()
              .isThrownBy(() -> WebhookFilter.webhook(request))
              .withMessageContaining("WebhookFilter");
          send(out, Fixtures.utf8("checked"));
        }));
        RawClient client = new RawClient(jetty.port())) {
      client.head("POST /klink", "Content-Length: 0");
      assertThat(client.response().body()).isEqualTo("checked");
    }
  }

  /** Reads all there is, answers with it at the end, and notes what it was told. */
  private static class Collecting implements ReadListener {
    private final List<String> calls;
    private final ServletInputStream in;
    private final AsyncContext async;
    private final HttpServletResponse out;
    private final CountDownLatch done;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Collecting(
        List<String> calls,
        ServletInputStream in,
        AsyncContext async,
        HttpServletResponse out,
        CountDownLatch done) {
      this.calls = calls;
      this.in = in;
      this.async = async;
      this.out = out;
      this.done = done;
    }

    @Override
    public void onDataAvailable() {
      calls.add("data");
      readAll();
    }

    void readAll() {
      byte[] some = new byte[5];
      try {
        while (in.isReady()) {
          int count = in.read(some);
          if (count < 0) {
            return;
          }
          bytes.write(some, 0, count);
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void onAllDataRead() throws IOException {
      calls.add("end");
      send(out, bytes.toByteArray());
      async.complete();
      done.countDown();
    }

    @Override
    public void onError(Throwable failure) {
      calls.add("error");
      try {
        send(out, Fixtures.utf8(failure.getMessage()));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      async.complete();
      done.countDown();
    }
  }
}
