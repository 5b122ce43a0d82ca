package cloud.klink.webhooks.verifier.servlet;

import static cloud.klink.webhooks.verifier.servlet.FilterExchange.TARGET;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.deduplicating;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.post;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.sendEvent;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.servlet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.verifier.RawClient;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** When the filter lets a repetition through, and when it answers it. */
class FilterDeduplicationTest {
  private final List<VerifiedWebhook> received = new CopyOnWriteArrayList<>();

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
  void asynchronousProcessing_thatIsTooLate_isLeftToTheRepetitionUnlessItIsAnsweredWith2xx()
      throws Exception {
    AtomicBoolean answers = new AtomicBoolean();
    HttpServlet servlet = servlet((request, out) -> {
      if (request.getDispatcherType() == DispatcherType.REQUEST) {
        AsyncContext async = request.startAsync();
        async.setTimeout(50);
        if (answers.get()) {
          async.addListener(new OnTimeout(async::dispatch));
        }
      } else {
        received.add(WebhookFilter.webhook(request));
      }
    });
    try (Jetty jetty = new Jetty(servlet, deduplicating())) {
      assertThat(post(jetty).status()).isEqualTo(500);
      answers.set(true);
      // The end of an asynchronous exchange is told after its answer was sent, and by a server that
      // stops meanwhile perhaps never.
      await().until(() -> post(jetty).status() == 200);
      await().until(() -> post(jetty).body().contains("\"duplicate\""));
    }
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
}
