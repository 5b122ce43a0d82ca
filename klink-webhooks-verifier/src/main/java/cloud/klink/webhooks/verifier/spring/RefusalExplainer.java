package cloud.klink.webhooks.verifier.spring;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.explain.SignatureExplainer;
import cloud.klink.webhooks.verifier.internal.LogLimit;
import cloud.klink.webhooks.verifier.receive.RefusedRequest;
import cloud.klink.webhooks.verifier.receive.WebhookReceiverListener;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs an explanation of refused requests at debug, of at most {@value LogLimit#LINES} for each
 * reason a minute, since one may take a second.
 */
final class RefusalExplainer implements WebhookReceiverListener {
  private static final Logger LOG = LoggerFactory.getLogger(RefusalExplainer.class);

  private final SignatureExplainer explainer;
  private final LogLimit limit = new LogLimit(Clock.systemUTC());

  RefusalExplainer(WebhookVerifier verifier, List<String> candidateUrls) {
    SignatureExplainer.Builder builder = SignatureExplainer.builder(verifier);
    candidateUrls.forEach(builder::candidateUrl);
    try {
      this.explainer = builder.build();
    } catch (IllegalArgumentException | MalformedException e) {
      throw ReceiverSetupException.property(
          "explain.candidate-urls",
          String.valueOf(e.getMessage()),
          "list up to 16 absolute URLs that the sender may have signed",
          e);
    }
  }

  @Override
  public void onRefused(RefusedRequest refused) {
    if (LOG.isDebugEnabled()) {
      refused.request().ifPresent(request -> explain(refused, request));
    }
  }

  private void explain(RefusedRequest refused, IncomingRequest request) {
    if (limit.acquire(refused.reason().code()).isPresent()) {
      LOG.debug("A webhook was refused:\n{}", explainer.explain(request));
    }
  }
}
