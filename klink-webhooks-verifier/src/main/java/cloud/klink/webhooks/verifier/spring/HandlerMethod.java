package cloud.klink.webhooks.verifier.spring;

import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.deduplication.ProcessingClaim;
import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.scheduling.annotation.Async;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/** A method of a bean that handles webhooks. */
final class HandlerMethod implements HandlerInvocation {
  private static final String PUBLISHER = "org.reactivestreams.Publisher";

  private final BeanFactory beans;
  private final String beanName;
  private final Method method;
  private final List<Argument> arguments;
  private final boolean takesClaim;

  /** Supplies the value of a parameter. */
  private interface Argument {
    @Nullable
    Object of(VerifiedWebhook webhook, @Nullable ProcessingClaim claim);
  }

  HandlerMethod(
      BeanFactory beans, String beanName, Method method, Class<?> type, DataBinder binder) {
    this.beans = beans;
    this.beanName = beanName;
    this.method = method;
    this.arguments = arguments(method, type, binder);
    this.takesClaim = Arrays.asList(method.getParameterTypes()).contains(ProcessingClaim.class);
    checkSynchronous(method, type);
  }

  /** Whether the method takes the claim, and so marks its event itself. */
  boolean takesClaim() {
    return takesClaim;
  }

  private static List<Argument> arguments(Method method, Class<?> type, DataBinder binder) {
    List<Argument> arguments = new ArrayList<>();
    int data = 0;
    for (int i = 0; i < method.getParameterCount(); i++) {
      Class<?> parameter = method.getParameterTypes()[i];
      if (parameter == VerifiedWebhook.class) {
        arguments.add((webhook, claim) -> webhook);
      } else if (parameter == Event.class) {
        arguments.add((webhook, claim) -> webhook.event());
      } else if (parameter == ProcessingClaim.class) {
        arguments.add((webhook, claim) -> claim);
      } else {
        data++;
        arguments.add(data(parameter, parameterType(method, i, type), binder));
      }
    }
    if (data > 1) {
      throw ReceiverSetupException.of(
          "the handler " + method + " has " + data + " parameters for the event's data",
          "give it one, and Event, VerifiedWebhook or ProcessingClaim besides",
          null);
    }
    return List.copyOf(arguments);
  }

  private static Type parameterType(Method method, int index, Class<?> type) {
    return ResolvableType.forMethodParameter(
            new MethodParameter(method, index), ResolvableType.forClass(type))
        .getType();
  }

  private static Argument data(Class<?> raw, Type type, DataBinder binder) {
    return raw == JsonNode.class
        ? (webhook, claim) -> webhook.event().data()
        : (webhook, claim) -> binder.bind(webhook.event().data(), type);
  }

  private static void checkSynchronous(Method method, Class<?> type) {
    Class<?> returned = method.getReturnType();
    boolean asynchronous = Future.class.isAssignableFrom(returned)
        || CompletionStage.class.isAssignableFrom(returned)
        || isPublisher(returned)
        || AnnotatedElementUtils.hasAnnotation(method, Async.class)
        || AnnotatedElementUtils.hasAnnotation(type, Async.class);
    if (asynchronous) {
      throw ReceiverSetupException.of(
          "the handler " + method + " returns before its work is done, so a failure would be lost",
          "let it return when its work is done, and set " + ReceiverProperties.PREFIX
              + ".acknowledge-first.enabled=true to answer the sender first",
          null);
    }
  }

  /** Compares names, so that Reactive Streams need not be on the class path. */
  private static boolean isPublisher(Class<?> returned) {
    return ClassUtils.getAllInterfacesForClassAsSet(returned).stream()
        .anyMatch(type -> type.getName().equals(PUBLISHER));
  }

  @Override
  public void invoke(VerifiedWebhook webhook, @Nullable ProcessingClaim claim) {
    @Nullable Object[] values = new Object[arguments.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = arguments.get(i).of(webhook, claim);
    }
    Object bean = beans.getBean(beanName);
    Method invocable = AopUtils.selectInvocableMethod(method, bean.getClass());
    ReflectionUtils.makeAccessible(invocable);
    ReflectionUtils.invokeMethod(invocable, bean, values);
  }

  @Override
  public String toString() {
    return method.toString();
  }
}
