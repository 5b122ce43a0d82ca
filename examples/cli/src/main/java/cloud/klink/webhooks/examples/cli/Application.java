package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.verifier.IncomingRequest;

/** What decides how a verified request is answered. */
interface Application {
  /**
   * Answers a verified request.
   *
   * @param request the request as it came in
   * @param report takes what people want to know of it
   * @return the answer for the sender
   */
  Reply answer(IncomingRequest request, Report report);
}
