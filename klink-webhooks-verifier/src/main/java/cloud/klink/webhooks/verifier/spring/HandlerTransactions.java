package cloud.klink.webhooks.verifier.spring;

import cloud.klink.webhooks.verifier.receive.InboxHandler;
import java.lang.reflect.Method;
import java.util.Optional;

/** Marks an event as processed in the transaction of its handler, if the handler has one. */
interface HandlerTransactions {
  /**
   * Makes a handler that calls a method in a transaction and marks the event in it.
   *
   * @param method the method, whose annotation describes the transaction
   * @param type the class of its bean
   * @param call calls the method
   * @return empty if the method has no transaction in which the event could be marked
   */
  Optional<InboxHandler> inTransaction(Method method, Class<?> type, HandlerInvocation call);
}
