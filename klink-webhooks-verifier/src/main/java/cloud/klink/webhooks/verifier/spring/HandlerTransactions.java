package cloud.klink.webhooks.verifier.spring;

import cloud.klink.webhooks.verifier.receive.InboxHandler;
import java.lang.reflect.Method;
import java.util.Optional;

/** Marks an event as processed in the transaction of its handler, where handlers have one. */
interface HandlerTransactions {
  /**
   * A handler that calls a method in a transaction and marks the event in it.
   *
   * @param method the method, which tells what transaction it wants
   * @param type the class of its bean
   * @param call calls it
   * @return empty if the method wants no transaction that the event could be marked in
   */
  Optional<InboxHandler> inTransaction(Method method, Class<?> type, HandlerInvocation call);
}
