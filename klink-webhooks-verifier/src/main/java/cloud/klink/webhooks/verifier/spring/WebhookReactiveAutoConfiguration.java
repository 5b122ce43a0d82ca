package cloud.klink.webhooks.verifier.spring;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;

/** Refuses to start a reactive application whose endpoint nobody would serve. */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnProperty(ReceiverProperties.PREFIX + ".public-url")
@ConditionalOnBooleanProperty(
    name = ReceiverProperties.PREFIX + ".endpoint.enabled",
    matchIfMissing = true)
class WebhookReactiveAutoConfiguration implements InitializingBean {
  @Override
  public void afterPropertiesSet() {
    throw ReceiverSetupException.property(
        "public-url",
        "this is a reactive web application, where no endpoint is configured by itself",
        "set " + ReceiverProperties.PREFIX + ".endpoint.enabled=false and declare a RouterFunction"
            + " that hands requests to the bean WebhookReceiver by receiveAsync, as SPRING.md"
            + " shows under \"Reactive applications\"; or use spring-boot-starter-webmvc",
        null);
  }
}
