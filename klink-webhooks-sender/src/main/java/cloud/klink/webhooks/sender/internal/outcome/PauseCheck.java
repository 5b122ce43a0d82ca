package cloud.klink.webhooks.sender.internal.outcome;

import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;

/**
 * How a webhook's failures are looked at.
 *
 * @param watch what the storage is asked
 * @param ofPolicy the part of it that the pause policy asks; an answer of 410 Gone is looked for
 *     further back
 */
record PauseCheck(FailureWatch watch, FailureWatch ofPolicy) {
  /** By which failures a pause came about. */
  FailureWatch of(Pause pause) {
    return pause.cause() == PauseCause.FAILURES ? ofPolicy : watch;
  }
}
