package cloud.klink.webhooks.examples.quickstart;

import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.verifier.WebhookVerifier;

/** Sends webhooks and verifies them, in one process. */
public final class Quickstart {

  private Quickstart() {}

  /**
   * Runs the quickstart.
   *
   * @param args none
   */
  public static void main(String[] args) {
    System.out.printf(
        "quickstart: %s, %s%n",
        WebhookSender.class.getSimpleName(), WebhookVerifier.class.getSimpleName());
  }
}
