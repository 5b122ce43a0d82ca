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
 * database), and one parameter of any other type, which the event's data is bound to by the
 * application's own Jackson. What it returns is ignored, so it must not return before it is done.
 * What returning and throwing mean, {@link cloud.klink.webhooks.verifier.receive.WebhookHandler}
 * tells.
 *
 * <p>The handler of a name goes before that of its group, and that before the one without either,
 * which handles everything else. Each may have one handler only.
 *
 * <p>A handler that is {@code @Transactional} marks its event as processed in its own transaction,
 * if events are remembered in the database of that transaction.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface KlinkWebhook {
  /**
   * The names of the events, as {@code message.inbound}.
   *
   * @return none, for a handler of groups or of everything else
   */
  String[] value() default {};

  /**
   * The groups of the events, as {@code message}.
   *
   * @return none, for a handler of names or of everything else
   */
  String[] group() default {};
}
