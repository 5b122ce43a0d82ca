package cloud.klink.webhooks.sender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.health.Health;
import cloud.klink.webhooks.sender.listener.AttemptEvent;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.logs.CapturedLog;
import cloud.klink.webhooks.sender.logs.LogLine;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.policy.RetryPolicy;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.jdbc.JdbcStorage;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.sender.webhook.WebhookEditor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.NonNull;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/**
 * No signing secret, signature, authentication value, or token in a URL is told by the log at any
 * level, by an exception or by what anything says of itself, in a whole run of good and bad days;
 * against an endpoint that repeats all it gets in its answers.
 */
class SenderSecrecyTest {
  private static final String TOKEN = "t0ken-of-the-header";
  private static final String NEW_TOKEN = "an0ther-t0ken";
  private static final String URL_TOKEN = "t0ken-in-the-url";

  private final Set<String> secrets = ConcurrentHashMap.newKeySet();
  private final Queue<String> told = new ConcurrentLinkedQueue<>();
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile int status = 200;

  /** Answers with everything it was sent, so that all of that comes back to the sender. */
  private final class Echo extends Dispatcher {
    @Override
    public MockResponse dispatch(@NonNull RecordedRequest request) {
      requests.incrementAndGet();
      secrets.add(Objects.requireNonNull(request.getHeaders().get("X-Signature")));
      String all = request.getHeaders() + "\n" + request.getTarget();
      MockResponse.Builder answer = new MockResponse.Builder().code(status).body(all);
      return status == 0
          ? answer
              .code(200)
              .onResponseStart(SocketEffect.ShutdownConnection.INSTANCE)
              .build()
          : answer.status("HTTP/1.1 " + status + " " + TOKEN).build();
    }
  }

  /** Keeps what each event says of itself. */
  private final class Keeping implements SenderListener {
    private void keep(String what, Object event) {
      told.add(event.toString());
      events.add(what);
    }

    @Override
    public void onAttempt(AttemptEvent event) {
      keep("attempt", event);
      told.add(event.attempt().result().error());
      throw new IllegalStateException("A listener of the user's");
    }

    @Override
    public void onPaused(String webhookId, Pause pause, List<Attempt> failures) {
      keep("paused", pause);
    }

    @Override
    public void onRecovered(String webhookId, long failures, Instant failingSince) {
      keep("recovered", webhookId);
    }
  }

  private void await(String event) throws InterruptedException {
    String next;
    do {
      next =
          Objects.requireNonNull(events.poll(20, TimeUnit.SECONDS), "nothing was told: " + event);
    } while (!next.equals(event));
  }

  private void keep(Throwable exception) {
    StringWriter trace = new StringWriter();
    exception.printStackTrace(new PrintWriter(trace));
    told.add(trace.toString());
  }

  @Test
  void wholeRun_inMemory_tellsNoSecret() throws IOException, InterruptedException {
    run(new InMemoryStorage(), sender -> {});
  }

  @Test
  void wholeRun_inADatabaseThatBreaks_tellsNoSecret() throws IOException, InterruptedException {
    JdbcDataSource database = new JdbcDataSource();
    database.setUrl("jdbc:h2:mem:secrecy;DB_CLOSE_DELAY=-1");
    Storage storage = JdbcStorage.h2(database);
    storage.migrate();
    run(storage, sender -> {
      try (Connection connection = database.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("DROP ALL OBJECTS");
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
      Throwable failure = catchThrowable(() -> sender.webhooks().list(Environment.PRODUCTION));
      assertThat(failure).isInstanceOf(StorageException.class);
      keep(failure);
    });
  }

  private void run(Storage storage, Consumer<WebhookSender> badEnd)
      throws IOException, InterruptedException {
    secrets.addAll(List.of(TOKEN, NEW_TOKEN, URL_TOKEN));
    try (CapturedLog log = CapturedLog.from(Level.TRACE);
        MockWebServer server = new MockWebServer()) {
      server.setDispatcher(new Echo());
      server.start();
      try (WebhookSender sender = sender(storage)) {
        goodAndBadDays(sender, server);
        badEnd.accept(sender);
        tell(sender.health());
        sender.stop(Duration.ZERO).join();
      }
      log.lines().forEach(this::tell);
    }
    assertThat(requests.get()).isGreaterThan(5);
    assertThat(secrets).hasSizeGreaterThan(6);
    assertThat(told)
        .hasSizeGreaterThan(50)
        .allSatisfy(
            text -> assertThat(text).doesNotContainIgnoringCase(secrets.toArray(new String[0])));
  }

  private WebhookSender sender(Storage storage) {
    return WebhookSender.builder(storage)
        .endpoints(EndpointPolicy.forDevelopment())
        .policy(DeliveryPolicy.builder()
            .retries(RetryPolicy.after(Duration.ofMillis(1)))
            .pausing(PausePolicy.moreThan(3, Duration.ofHours(1)))
            .build())
        .listener(new Keeping())
        .build();
  }

  private void goodAndBadDays(WebhookSender sender, MockWebServer server)
      throws InterruptedException {
    Webhook webhook =
        editor(sender, server).headerAuthentication("X-API-Key", TOKEN).save();
    reveal(sender, webhook);
    sender.start();
    publish(sender);
    await("attempt");
    status = 500;
    publish(sender);
    await("attempt");
    await("attempt");
    status = 200;
    publish(sender);
    await("recovered");
    status = 0;
    publish(sender);
    publish(sender);
    await("paused");
    secrets.add(sender.webhooks().regenerateSecret(webhook.id()).reveal());
    Webhook stale = webhook;
    Webhook edited = sender
        .webhooks()
        .edit(sender.webhooks().get(webhook.id()).orElseThrow())
        .basicAuthentication(NEW_TOKEN)
        .save();
    told.add(edited.toString());
    keep(catchThrowable(() -> sender.webhooks().edit(stale).name("Late").save()));
    keep(catchThrowable(() ->
        editor(sender, server).headerAuthentication("X\r\n", TOKEN + "\r\n").save()));
    keep(catchThrowable(() -> editor(sender, server)
        .url("ftp://user:" + TOKEN + "@example.com/?" + URL_TOKEN)
        .save()));
    status = 200;
    sender.webhooks().resume(webhook.id());
    await("recovered");
    told.add(sender.describe());
    told.add(sender.webhooks().revealSecret(webhook.id()).toString());
    tell(sender.health());
  }

  private static WebhookEditor editor(WebhookSender sender, MockWebServer server) {
    return sender
        .webhooks()
        .create(Environment.PRODUCTION)
        .name("Orders")
        .url(server.url("/hook?token=" + URL_TOKEN).toString())
        .subscribe(EventName.CONTACT_CREATED);
  }

  private void reveal(WebhookSender sender, Webhook webhook) {
    secrets.add(sender.webhooks().revealSecret(webhook.id()).reveal());
    told.add(webhook.toString());
  }

  private static void publish(WebhookSender sender) {
    sender.publish(
        Environment.PRODUCTION,
        Event.builder(EventName.CONTACT_CREATED).timestamp(Instant.EPOCH).build());
  }

  private void tell(Health health) {
    told.add(health.toString());
    told.add(health.toMap().toString());
  }

  private void tell(LogLine line) {
    told.add(line.level() + " " + line.logger() + " " + line.text());
    if (line.exception() != null) {
      keep(line.exception());
    }
  }
}
