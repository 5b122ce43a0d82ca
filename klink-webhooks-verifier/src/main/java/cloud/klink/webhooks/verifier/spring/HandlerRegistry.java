package cloud.klink.webhooks.verifier.spring;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.event.EventGroup;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.receive.InboxHandler;
import cloud.klink.webhooks.verifier.receive.WebhookHandler;
import cloud.klink.webhooks.verifier.receive.WebhookReceiverBuilder;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/** Finds the handlers among the application's beans and registers them with a receiver. */
final class HandlerRegistry {
  private final ConfigurableListableBeanFactory beans;
  private final DataBinder binder;
  private final @Nullable HandlerTransactions transactions;

  HandlerRegistry(
      ConfigurableListableBeanFactory beans,
      DataBinder binder,
      @Nullable HandlerTransactions transactions) {
    this.beans = beans;
    this.binder = binder;
    this.transactions = transactions;
  }

  void addTo(WebhookReceiverBuilder receiver) {
    boolean any = false;
    for (String beanName : beans.getBeanNamesForType(Object.class, true, false)) {
      Class<?> type = typeOf(beanName);
      if (type != null) {
        any |= addBean(receiver, beanName, type);
        any |= addMethods(receiver, beanName, type);
      }
    }
    if (!any) {
      throw ReceiverSetupException.of(
          "no bean handles webhooks",
          "annotate a method of a bean, for example with @KlinkWebhook(\"message.inbound\"), or"
              + " declare a bean of type WebhookHandler",
          null);
    }
  }

  private @Nullable Class<?> typeOf(String beanName) {
    if (ScopedProxyUtils.isScopedTarget(beanName)) {
      return null;
    }
    Class<?> type = AutoProxyUtils.determineTargetClass(beans, beanName);
    return type == null || type.getName().startsWith("org.springframework.") ? null : type;
  }

  private boolean addBean(WebhookReceiverBuilder receiver, String beanName, Class<?> type) {
    if (!WebhookHandler.class.isAssignableFrom(type)) {
      return false;
    }
    KlinkWebhook events = annotationOf(beanName);
    if (InboxHandler.class.isAssignableFrom(type)) {
      InboxHandler handler =
          (webhook, claim) -> beans.getBean(beanName, InboxHandler.class).handle(webhook, claim);
      register(receiver, events, handler);
      return true;
    }
    HandlerInvocation call =
        (webhook, claim) -> beans.getBean(beanName, WebhookHandler.class).handle(webhook);
    Method method = handleMethod(type);
    register(receiver, events, handler(method, type, call, false));
    return true;
  }

  private @Nullable KlinkWebhook annotationOf(String beanName) {
    try {
      return beans.findAnnotationOnBean(beanName, KlinkWebhook.class, false);
    } catch (NoSuchBeanDefinitionException e) {
      return null;
    }
  }

  private static Method handleMethod(Class<?> type) {
    try {
      return type.getMethod("handle", VerifiedWebhook.class);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("Every WebhookHandler has this method", e);
    }
  }

  private boolean addMethods(WebhookReceiverBuilder receiver, String beanName, Class<?> type) {
    if (!AnnotationUtils.isCandidateClass(type, KlinkWebhook.class)) {
      return false;
    }
    Map<Method, KlinkWebhook> methods =
        MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<KlinkWebhook>)
            method -> AnnotatedElementUtils.findMergedAnnotation(method, KlinkWebhook.class));
    boolean any = false;
    for (Map.Entry<Method, KlinkWebhook> entry : methods.entrySet()) {
      Method method = entry.getKey();
      if (!WebhookHandler.class.isAssignableFrom(method.getReturnType())) {
        HandlerMethod call = new HandlerMethod(beans, beanName, method, type, binder);
        register(receiver, entry.getValue(), handler(method, type, call, call.takesClaim()));
        any = true;
      }
    }
    return any;
  }

  private WebhookHandler handler(
      Method method, Class<?> type, HandlerInvocation call, boolean takesClaim) {
    if (takesClaim) {
      return InboxHandler.of(call::invoke);
    }
    if (transactions != null) {
      Optional<InboxHandler> transactional = transactions.inTransaction(method, type, call);
      if (transactional.isPresent()) {
        return transactional.get();
      }
    }
    return webhook -> call.invoke(webhook, null);
  }

  private static void register(
      WebhookReceiverBuilder receiver, @Nullable KlinkWebhook events, WebhookHandler handler) {
    if (events == null || (events.value().length == 0 && events.group().length == 0)) {
      receiver.otherwise(handler);
      return;
    }
    for (String name : events.value()) {
      receiver.on(name(name), handler);
    }
    for (String group : events.group()) {
      receiver.onGroup(group(group), handler);
    }
  }

  private static EventName name(String name) {
    try {
      return EventName.of(name);
    } catch (MalformedException e) {
      throw ReceiverSetupException.of(
          "@KlinkWebhook(\"" + name + "\") is not the name of an event: " + e.getMessage(),
          "give a name such as message.inbound, or a group as in @KlinkWebhook(group ="
              + " \"message\")",
          e);
    }
  }

  private static EventGroup group(String group) {
    try {
      return new EventGroup(group);
    } catch (IllegalArgumentException e) {
      throw ReceiverSetupException.of(
          "@KlinkWebhook(group = \"" + group + "\") is not a group of events: " + e.getMessage(),
          "give a group such as message",
          e);
    }
  }
}
