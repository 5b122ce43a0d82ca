package cloud.klink.webhooks.verifier.servlet;

import cloud.klink.webhooks.verifier.AdapterContract;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;

class WebhookServletTest extends AdapterContract {
  @Override
  protected Server start(WebhookVerifier verifier) throws Exception {
    return new Jetty(new WebhookServlet(
        WebhookReceiver.builder(verifier).otherwise(received::add).build()));
  }
}
