package cloud.klink.webhooks.sender.spring;

import cloud.klink.webhooks.sender.WebhookSender;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * The health indicator for Spring Boot 3. Its types and those of Spring Boot 4 cannot be compiled
 * against at once, so this class finds them by name. The project {@code src/it/spring-boot} runs it
 * on Spring Boot 3.5.
 */
final class SpringBoot3Health implements ImportBeanDefinitionRegistrar, BeanFactoryAware {
  private static final String PACKAGE = "org.springframework.boot.actuate.health.";
  private static final String BEAN = "klinkWebhookSenderHealthIndicator";

  private @Nullable BeanFactory beans;

  @Override
  public void setBeanFactory(BeanFactory factory) {
    this.beans = factory;
  }

  @Override
  public void registerBeanDefinitions(
      AnnotationMetadata importing, BeanDefinitionRegistry registry) {
    ClassLoader loader = SpringBoot3Health.class.getClassLoader();
    if (ClassUtils.isPresent(PACKAGE + "HealthIndicator", loader)) {
      Class<?> type = ClassUtils.resolveClassName(PACKAGE + "HealthIndicator", loader);
      RootBeanDefinition definition = new RootBeanDefinition(type);
      definition.setInstanceSupplier(() -> indicator(type));
      registry.registerBeanDefinition(BEAN, definition);
    }
  }

  private Object indicator(Class<?> type) {
    BeanFactory factory = Objects.requireNonNull(beans, "setBeanFactory is called first");
    WebhookSender sender = factory.getBean(WebhookSender.class);
    Class<?> health = ClassUtils.resolveClassName(PACKAGE + "Health", type.getClassLoader());
    InvocationHandler calls = (proxy, method, arguments) -> {
      if (method.isDefault()) {
        return InvocationHandler.invokeDefault(proxy, method, arguments);
      }
      return switch (method.getName()) {
        case "health" -> health(health, SenderHealth.of(sender));
        case "equals" -> proxy == arguments[0];
        case "hashCode" -> System.identityHashCode(proxy);
        default -> BEAN;
      };
    };
    return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, calls);
  }

  private static @Nullable Object health(Class<?> health, SenderHealth source) {
    Object builder =
        ReflectionUtils.invokeMethod(method(health, "status", String.class), null, source.status());
    Class<?> type = Objects.requireNonNull(builder).getClass();
    ReflectionUtils.invokeMethod(method(type, "withDetails", Map.class), builder, source.details());
    return ReflectionUtils.invokeMethod(method(type, "build"), builder);
  }

  private static Method method(Class<?> type, String name, Class<?>... parameters) {
    return Objects.requireNonNull(ReflectionUtils.findMethod(type, name, parameters));
  }
}
