package cloud.klink.webhooks.verifier.servlet;

import static cloud.klink.webhooks.verifier.servlet.FilterExchange.send;
import static cloud.klink.webhooks.verifier.servlet.FilterExchange.servlet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import cloud.klink.webhooks.verifier.AdapterContract;
import cloud.klink.webhooks.verifier.Fixtures;
import cloud.klink.webhooks.verifier.RawClient;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import org.junit.jupiter.api.Test;

/** The filter as an adapter. */
class WebhookFilterTest extends AdapterContract {
  @Override
  protected Server start(WebhookVerifier verifier) throws Exception {
    return new Jetty(
        servlet((request, response) -> received.add(WebhookFilter.webhook(request))),
        WebhookFilter.builder(verifier).path("/internal/path").build());
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
}
