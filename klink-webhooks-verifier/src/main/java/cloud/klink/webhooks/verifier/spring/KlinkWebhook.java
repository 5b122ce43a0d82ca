package cloud.klink.webhooks.verifier.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Handles webhooks: a method of a bean, or a bean that is a
 * {@link cloud.klink.webhooks.verifier.receive.WebhookHandler}.
 *
 * <pre>{@code
 * @KlinkWebhook("message.inbound")
 * void onMessage(Message message, Event event) { … }
 * }</pre>
 *
 * <p>A method may take, in any order: the {@link cloud.klink.webhooks.verifier.VerifiedWebhook},
 * the {@link cloud.klink.webhooks.event.Event}, the
 * {@link cloud.klink.webhooks.verifier.deduplication.ProcessingClaim} (with de-duplication in a
 * database), and one parameter of any other type, to which the application's own Jackson converts
 * the event's data. Its result is ignored, and it must not return before its work is done.
 * {@link cloud.klink.webhooks.verifier.receive.WebhookHandler} says what it means to return or to
 * throw.
 *
 * <p>A handler of a name takes precedence over one of its group, and that over the handler without
 * names and groups, which takes all other events. Each name and group has at most one handler, and
 * there is at most one for all other events.
 *
 * <p>If a handler is {@code @Transactional} and processed events are kept in the database of its
 * transaction, the event is marked as processed in that transaction.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface KlinkWebhook {
  /**
   * The names of the events, such as {@code message.inbound}.
   *
   * @return the names; empty for a handler of groups or of all other events
   */
  String[] value() default {};

  /**
   * The groups of the events, such as {@code message}.
   *
   * @return the groups; empty for a handler of names or of all other events
   */
  String[] group() default {};
}
