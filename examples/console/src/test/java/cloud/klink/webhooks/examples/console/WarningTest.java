package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.examples.console.demo.DemoBehaviour;
import cloud.klink.webhooks.examples.console.service.PauseRisk;
import cloud.klink.webhooks.examples.console.warning.WarningHook;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@ExtendWith(OutputCaptureExtension.class)
class WarningTest {
  private static final List<String> MAILS = new CopyOnWriteArrayList<>();

  @TempDir
  Path folder;

  @Configuration(proxyBeanMethods = false)
  static class Hooks {
    @Bean
    WarningHook mail() {
      return warning ->
          MAILS.add(warning.webhook().name() + " " + warning.risk().level());
    }

    @Bean
    WarningHook broken() {
      return warning -> {
        throw new IllegalStateException("the mail server is away");
      };
    }
  }

  @Test
  void risk_atEachLevel_isReachedAtItsPartOfTheLimit() {
    assertThat(new PauseRisk(24, 50).level()).isZero();
    assertThat(new PauseRisk(25, 50).level()).isEqualTo(50);
    assertThat(new PauseRisk(34, 50).level()).isEqualTo(50);
    assertThat(new PauseRisk(35, 50).level()).isEqualTo(70);
    assertThat(new PauseRisk(45, 50).level()).isEqualTo(90);
    assertThat(new PauseRisk(51, 50).level()).isEqualTo(90);
    assertThat(new PauseRisk(9, 0).level()).isZero();
  }

  @Test
  void chat_whoseUrlIsSet_isToldOfAWebhookThatComesNearToItsPause(CapturedOutput output)
      throws IOException {
    List<String> messages = new CopyOnWriteArrayList<>();
    HttpServer chat =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    chat.createContext("/", exchange -> {
      messages.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      exchange.sendResponseHeaders(403, -1);
      exchange.close();
    });
    chat.start();
    String url = "http://127.0.0.1:" + chat.getAddress().getPort() + "/secret-path";
    try (RunningConsole console = RunningConsole.on(
        "CONSOLE_DATA=" + folder.resolve("console.db"), "console.warning.chat-url=" + url)) {
      console.behave(DemoBehaviour.FAILS);
      console.create("development", "\"Quoted\"", "", "room.solved");
      console.publish(Environment.DEVELOPMENT, "room.solved", "one");

      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> output.getAll().contains("The chat was not told of webhook"));
    } finally {
      chat.stop(0);
    }

    assertThat(messages.get(0)).startsWith("{\"text\":\"Webhook \\\"Quoted\\\" (wh_");
    assertThat(output.getAll()).doesNotContain("secret-path");
  }

  @Test
  void hooks_ofTheApplication_areToldEachLevelOnceThoughAnotherOneThrows(CapturedOutput output) {
    try (RunningConsole console =
        RunningConsole.with(Hooks.class, "CONSOLE_DATA=" + folder.resolve("console.db"))) {
      console.behave(DemoBehaviour.FAILS);
      String id = console.create("development", "Warned", "", "room.solved");
      // Its four attempts fail one after the other: two at once might be counted together.
      console.publish(Environment.DEVELOPMENT, "room.solved", "one");
      await().atMost(Duration.ofSeconds(60)).until(() -> MAILS.contains("Warned 70"));
      console.publish(Environment.DEVELOPMENT, "room.solved", "other");

      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> console.sender().webhooks().get(id).orElseThrow().isPaused());
    }

    assertThat(MAILS).containsExactly("Warned 50", "Warned 70", "Warned 90");
    assertThat(output.getAll()).contains("console.warning", "A hook could not tell of webhook ");
  }
}
