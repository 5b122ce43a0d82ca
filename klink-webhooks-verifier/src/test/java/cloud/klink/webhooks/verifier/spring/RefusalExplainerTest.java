package cloud.klink.webhooks.verifier.spring;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.TestLog;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import cloud.klink.webhooks.verifier.testing.SignedRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Tests log from trace up, so refusals are explained here. */
class RefusalExplainerTest {
  private static final String SIGNED = "https://explained.example.com/hooks";

  private static int count(String text) throws IOException {
    String log = Files.readString(TestLog.FILE);
    return log.split(Pattern.quote(text), -1).length - 1;
  }

  @Test
  void refusal_atDebug_isExplainedInTheLogTenTimesAMinuteAtMost() throws IOException {
    String cause = "Signed was " + SIGNED + "; the verifier is pinned to";
    int before = count(cause);
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(WebhookReceiverAutoConfiguration.class))
        .withBean(HandlerMethodTest.OfRooms.class)
        .withPropertyValues(
            "klink.webhooks.receiver.public-url=http://10.0.0.7:8080/webhooks/klink",
            "klink.webhooks.receiver.secrets=" + App.SECRET,
            "klink.webhooks.receiver.explain.candidate-urls=" + SIGNED)
        .run(context -> {
          SignedRequest request = SignedRequest.to(SIGNED)
              .signedWith(SigningSecret.of(App.SECRET))
              .event(App.event("room.solved", "evt_1"));
          for (int i = 0; i < 15; i++) {
            assertThat(context
                    .getBean(WebhookReceiver.class)
                    .receive(request.toIncomingRequest())
                    .status())
                .isEqualTo(401);
          }
          assertThat(count(cause) - before).isEqualTo(10);
          assertThat(count(App.SECRET)).isZero();
        });
  }
}
