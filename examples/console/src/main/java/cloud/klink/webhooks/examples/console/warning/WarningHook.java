package cloud.klink.webhooks.examples.console.warning;

/**
 * Tells somebody: by mail, in a chat, by a pager. Make a bean of this type; {@link LogHook} writes
 * a line to the log, {@link ChatHook} posts to a chat. It is called by the sender's thread for
 * listeners, one call after the other, so whatever takes long belongs to a thread of its own. What
 * it throws is logged.
 */
@FunctionalInterface
public interface WarningHook {
  /**
   * Tells of a warning.
   *
   * @param warning the warning; each level of a webhook once, until its failures are below half of
   *     the limit again
   */
  void warn(PauseWarning warning);
}
