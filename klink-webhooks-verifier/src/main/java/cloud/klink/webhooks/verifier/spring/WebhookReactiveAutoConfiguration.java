package cloud.klink.webhooks.verifier.spring;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;

/** Fails the startup of a reactive application in which nothing would serve the endpoint. */
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
        "this is a reactive web application, for which no endpoint is configured automatically",
        "set " + ReceiverProperties.PREFIX + ".endpoint.enabled=false and declare a RouterFunction"
            + " that passes requests to receiveAsync of the bean WebhookReceiver, as SPRING.md"
            + " shows under \"Reactive applications\"; or use spring-boot-starter-webmvc",
        null);
  }
}
