package cloud.klink.webhooks.sender.internal.outcome;

import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;

/**
 * By which failures a webhook is to be paused.
 *
 * @param watch what the storage evaluates
 * @param ofPolicy the part of it that the pause policy needs; an answer of 410 Gone may be older
 */
record PauseCheck(FailureWatch watch, FailureWatch ofPolicy) {
  /** By which failures a pause was decided. */
  FailureWatch of(Pause pause) {
    return pause.cause() == PauseCause.FAILURES ? ofPolicy : watch;
  }
}
