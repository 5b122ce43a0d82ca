package cloud.klink.webhooks.verifier.spring;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.receive.WebhookHandler;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import tools.jackson.databind.json.JsonMapper;

class HandlerMethodTest {
  private static final List<String> CALLS = new CopyOnWriteArrayList<>();

  private final ApplicationContextRunner runner = new ApplicationContextRunner()
      .withConfiguration(AutoConfigurations.of(WebhookReceiverAutoConfiguration.class))
      .withPropertyValues(
          "klink.webhooks.receiver.public-url=" + App.URL,
          "klink.webhooks.receiver.secrets=" + App.SECRET)
      .withInitializer(context -> CALLS.clear());

  private static String deliver(
      org.springframework.context.ApplicationContext context, String name) {
    return context
        .getBean(WebhookReceiver.class)
        .receive(App.signed(name, "evt_1").toIncomingRequest())
        .code();
  }

  record UpperCaseMessage(String TEXT, int ROOM) {} // as a naming strategy spells it

  record Message(String text, int room) {}

  static class Handlers {
    @KlinkWebhook("message.inbound")
    void name(VerifiedWebhook webhook, Message message, Event event) {
      CALLS.add("name " + message + " " + event.id().orElseThrow() + " " + webhook.secretIndex());
    }

    @KlinkWebhook(group = {"message", "room"})
    public void group(Map<String, Object> data) {
      CALLS.add("group " + data.get("text"));
    }

    @KlinkWebhook
    void otherwise(com.fasterxml.jackson.databind.JsonNode data) {
      CALLS.add("otherwise " + data.get("room"));
    }

    @KlinkWebhook("contact.created")
    void without() {
      throw new IllegalStateException("on purpose");
    }
  }

  @Test
  void method_ofABean_isCalledWithWhatItAsksFor() {
    runner
        .withPropertyValues("klink.webhooks.receiver.deduplication.type=none")
        .withBean(Handlers.class)
        .run(context -> {
          assertThat(deliver(context, "message.inbound")).isEqualTo("processed");
          assertThat(deliver(context, "contact.created")).isEqualTo("handler_failed");
        });
    assertThat(CALLS).containsExactly("name Message[text=hello, room=7] evt_1 0");
  }

  @Test
  void method_ofAGroupOrOfEverythingElse_isCalledForWhatHasNoOther() {
    runner
        .withPropertyValues("klink.webhooks.receiver.deduplication.type=none")
        .withBean(Handlers.class)
        .run(context -> {
          deliver(context, "message.outbound");
          deliver(context, "room.solved");
          deliver(context, "ticket.opened");
        });
    assertThat(CALLS).containsExactly("group hello", "group hello", "otherwise 7");
  }

  static class OfUpperCase {
    @KlinkWebhook("message.inbound")
    void handle(UpperCaseMessage message) {
      CALLS.add(message.toString());
    }
  }

  @Configuration
  static class Jackson3 {
    @Bean
    JsonMapper mapper() {
      return JsonMapper.builder()
          .enable(tools.jackson.databind.MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
          .build();
    }
  }

  @Configuration
  static class Jackson2 {
    @Bean
    ObjectMapper mapper() {
      return com.fasterxml.jackson.databind.json.JsonMapper.builder()
          .enable(com.fasterxml.jackson.databind.MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
          .build();
    }
  }

  @Test
  void data_inAnApplicationWithAJackson3Mapper_isBoundByIt() {
    runner.withUserConfiguration(Jackson3.class, OfUpperCase.class).run(context -> {
      assertThat(context.getBean(DataBinder.class)).isInstanceOf(Jackson3DataBinder.class);
      assertThat(deliver(context, "message.inbound")).isEqualTo("processed");
    });
    assertThat(CALLS).containsExactly("UpperCaseMessage[TEXT=hello, ROOM=7]");
  }

  @Test
  void data_inAnApplicationWithAJackson2Mapper_isBoundByIt() {
    runner.withUserConfiguration(Jackson2.class, OfUpperCase.class).run(context -> {
      assertThat(context.getBean(DataBinder.class)).isInstanceOf(Jackson2DataBinder.class);
      assertThat(deliver(context, "message.inbound")).isEqualTo("processed");
    });
    assertThat(CALLS).containsExactly("UpperCaseMessage[TEXT=hello, ROOM=7]");
  }

  static class OfLists {
    @KlinkWebhook("message.inbound")
    void handle(List<String> data) {
      CALLS.add("called with " + data);
    }
  }

  @Test
  void data_thatDoesNotFit_isAFailureOfTheHandler() {
    runner
        .withBean(OfLists.class)
        .run(
            context -> assertThat(deliver(context, "message.inbound")).isEqualTo("handler_failed"));
    assertThat(CALLS).isEmpty();
  }

  @Configuration
  static class Beans {
    @Bean
    @KlinkWebhook("message.inbound")
    WebhookHandler annotatedMethod() {
      return webhook -> CALLS.add("annotated method");
    }

    @Bean
    WebhookHandler otherwise() {
      return webhook -> CALLS.add("otherwise");
    }

    @Bean
    @Lazy
    Object declaredAsObject() {
      return new OfRooms();
    }
  }

  @KlinkWebhook(group = "contact")
  static class AnnotatedClass implements WebhookHandler {
    @Override
    public void handle(VerifiedWebhook webhook) {
      CALLS.add("annotated class");
    }
  }

  static class OfRooms {
    @KlinkWebhook("room.solved")
    void solved() {
      CALLS.add("room");
    }
  }

  @Test
  void bean_thatIsAHandler_isCalledForTheEventsOfItsAnnotation() {
    runner
        .withPropertyValues("klink.webhooks.receiver.deduplication.type=none")
        .withUserConfiguration(Beans.class)
        .withBean(AnnotatedClass.class)
        .run(context -> {
          deliver(context, "message.inbound");
          deliver(context, "contact.created");
          deliver(context, "ticket.opened");
        });
    assertThat(CALLS).containsExactly("annotated method", "annotated class", "otherwise");
  }

  @Test
  void lazyInitialization_ofTheWholeApplication_leavesNoHandlerOut() {
    runner
        .withInitializer(context -> context.addBeanFactoryPostProcessor(
            new org.springframework.boot.LazyInitializationBeanFactoryPostProcessor()))
        .withBean(OfRooms.class)
        .run(context -> assertThat(deliver(context, "room.solved")).isEqualTo("processed"));
    assertThat(CALLS).containsExactly("room");
  }
}
