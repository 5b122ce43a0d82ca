package cloud.klink.webhooks.sender.internal.outcome;

import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;

/**
 * The check whether a webhook is to be paused.
 *
 * @param watch the failures that the storage evaluates
 * @param ofPolicy the part of them that the pause policy needs; an answer of 410 Gone may be older
 */
record PauseCheck(FailureWatch watch, FailureWatch ofPolicy) {
  /** The failures by which a pause was decided. */
  FailureWatch of(Pause pause) {
    return pause.cause() == PauseCause.FAILURES ? ofPolicy : watch;
  }
}
