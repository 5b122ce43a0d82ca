package cloud.klink.webhooks.verifier.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cloud.klink.webhooks.event.EventGroup;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.signature.Signature;
import cloud.klink.webhooks.verifier.Fixtures;
import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.RefusalReason;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WebhookReceiverTest {
  private static final WebhookVerifier VERIFIER = Fixtures.verifier().build();
  private static final EventName BROADCAST = new EventName("broadcast.sent");

  private final List<String> calls = new ArrayList<>();

  private WebhookHandler note(String name) {
    return webhook -> calls.add(name);
  }

  private static ReceiverResponse deliver(WebhookReceiver receiver, String event) {
    return receiver.receive(Fixtures.request(Fixtures.event(event, "evt_1")).build());
  }

  private static WebhookReceiverBuilder builder() {
    return WebhookReceiver.builder(VERIFIER);
  }

  @Test
  void event_withSeveralHandlers_goesToTheMostSpecific() {
    WebhookReceiver receiver = builder()
        .otherwise(note("fallback"))
        .onGroup(EventGroup.CONTACT, note("group"))
        .on(EventName.CONTACT_CREATED, note("name"))
        .build();
    deliver(receiver, "contact.created");
    deliver(receiver, "contact.merged");
    deliver(receiver, "room.solved");
    deliver(receiver, "contact");
    deliver(receiver, "contacts.created");
    deliver(receiver, "contact.");
    deliver(receiver, ".created");
    deliver(receiver, "");
    assertThat(calls)
        .containsExactly(
            "name",
            "group",
            "fallback",
            "fallback",
            "fallback",
            "fallback",
            "fallback",
            "fallback");
  }

  @Test
  void event_ofAServicesOwn_goesToItsHandler() {
    WebhookReceiver receiver = builder().on(BROADCAST, note("own")).build();
    assertThat(deliver(receiver, "broadcast.sent").status()).isEqualTo(200);
    assertThat(calls).containsExactly("own");
  }

  @Test
  void event_withoutHandler_isAcknowledged() {
    WebhookReceiver receiver = builder().on(EventName.ROOM_SOLVED, note("room")).build();
    ReceiverResponse response = deliver(receiver, "something.new");
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.code()).isEqualTo("ignored");
    assertThat(response.reason()).isEmpty();
    assertThat(calls).isEmpty();
  }

  @Test
  void bodyThatIsNoEvent_withAFallback_goesToIt() {
    List<String> bodies = new ArrayList<>();
    WebhookReceiver receiver =
        builder().otherwise(webhook -> bodies.add(webhook.body().text())).build();
    ReceiverResponse response =
        receiver.receive(Fixtures.request(Fixtures.utf8("[1,2]")).build());
    assertThat(response.status()).isEqualTo(200);
    assertThat(bodies).containsExactly("[1,2]");
  }

  @Test
  void bodyThatIsNoEvent_withoutAFallback_isRefused() {
    WebhookReceiver receiver = builder().onGroup(EventGroup.ROOM, note("room")).build();
    ReceiverResponse response =
        receiver.receive(Fixtures.request(Fixtures.utf8("[1,2]")).build());
    assertThat(response.status()).isEqualTo(422);
    assertThat(response.reason()).contains(RefusalReason.MALFORMED_EVENT);
  }

  @Test
  void handler_thatThrows_isToldToTheSender() {
    for (Throwable failure : List.of(new IllegalStateException("x"), new StackOverflowError())) {
      WebhookReceiver receiver = builder().otherwise(webhook -> sneak(failure)).build();
      ReceiverResponse response = deliver(receiver, "room.solved");
      assertThat(response.status()).isEqualTo(500);
      assertThat(response.reason()).contains(RefusalReason.HANDLER_FAILED);
    }
  }

  private static void sneak(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) failure;
  }

  @Test
  void request_thatIsNotAuthentic_reachesNoHandler() {
    WebhookReceiver receiver = builder().otherwise(note("fallback")).build();
    IncomingRequest request = Fixtures.request(Fixtures.event("room.solved", "evt_1"))
        .body(Fixtures.event("room.solved", "evt_2"))
        .build();
    assertThat(receiver.receive(request).reason()).contains(RefusalReason.SIGNATURE_MISMATCH);
    assertThat(calls).isEmpty();
  }

  @Test
  void webSocketMessage_rightlySigned_isHandled() {
    WebhookReceiver receiver = builder().otherwise(note("fallback")).build();
    byte[] body = Fixtures.event("room.solved", "evt_1");
    Signature signature = Signature.parse(Fixtures.sign(body));
    assertThat(receiver.receive(WebSocketMessage.of("d1", signature, body)).status())
        .isEqualTo(200);
    byte[] other = Fixtures.event("room.solved", "evt_2");
    assertThat(receiver.receive(WebSocketMessage.of("d1", signature, other)).reason())
        .contains(RefusalReason.SIGNATURE_MISMATCH);
    assertThat(calls).hasSize(1);
  }

  @Test
  void receiver_closed_refusesNewWork() {
    WebhookReceiver receiver = builder().otherwise(note("fallback")).build();
    assertThat(receiver.close(Duration.ZERO)).isEmpty();
    assertThat(deliver(receiver, "room.solved").reason()).contains(RefusalReason.OVERLOADED);
    assertThat(calls).isEmpty();
  }

  @Test
  void response_toEveryRefusal_isJsonOfItsReason() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    for (RefusalReason reason : RefusalReason.values()) {
      ReceiverResponse response = ReceiverResponse.refused(reason, VERIFIER);
      JsonNode body = mapper.readTree(response.body());
      assertThat(body.get("code").textValue()).isEqualTo(reason.code());
      assertThat(body.get("description").textValue()).isEqualTo(reason.description());
      assertThat(body.size()).isEqualTo(2);
      assertThat(response.isSuccess()).isEqualTo(reason == RefusalReason.DUPLICATE);
      assertThat(response.headers()).containsEntry("Content-Type", "application/json");
    }
  }

  @Test
  void settings_thatDoNotFit_areNamed() {
    assertMistake(builder(), "on:");
    assertMistake(builder().on(BROADCAST, note("")).on(BROADCAST, note("")), "broadcast.sent");
    assertMistake(
        builder().onGroup(EventGroup.ROOM, note("")).onGroup(EventGroup.ROOM, note("")), "room");
    assertMistake(builder().otherwise(note("")).otherwise(note("")), "otherwise");
    assertMistake(complete().acknowledgeFirst(0, 1), "threads");
    assertMistake(complete().acknowledgeFirst(1, -1), "queueLength");
    assertMistake(complete().acknowledgeFirst(Runnable::run, 0), "maxOutstanding");
    assertMistake(complete().acknowledgeFirst().acknowledgeFirst(), "acknowledgeFirst");
    assertMistake(complete().onFailure((webhook, failure) -> {}), "onFailure");
    assertMistake(complete().lease(Duration.ofSeconds(1)), "lease");
    for (Duration lease : List.of(Duration.ZERO, Duration.ofDays(2), Duration.ofMillis(-1))) {
      assertMistake(complete().deduplicate(ProcessedEvents.inMemory()).lease(lease), "lease");
    }
  }

  @Test
  void executor_thatDiscards_isRefused() {
    for (RejectedExecutionHandler policy : List.of(
        new ThreadPoolExecutor.DiscardPolicy(), new ThreadPoolExecutor.DiscardOldestPolicy())) {
      Executor executor =
          new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(1), policy);
      assertMistake(complete().acknowledgeFirst(executor, 1), "AbortPolicy");
    }
  }

  private static WebhookReceiverBuilder complete() {
    return builder().otherwise(webhook -> {});
  }

  private static void assertMistake(WebhookReceiverBuilder builder, String named) {
    assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining(named);
  }

  @Test
  void process_ofAVerifiedWebhook_callsItsHandler() {
    List<VerifiedWebhook> seen = new ArrayList<>();
    WebhookReceiver receiver = WebhookReceiver.builder(Fixtures.verifier().build())
        .otherwise(seen::add)
        .deduplicate(ProcessedEvents.inMemory())
        .build();
    VerifiedWebhook webhook = receiver
        .verifier()
        .verify(Fixtures.request(Fixtures.event("a.b", "evt_1")).build());
    assertThat(receiver.process(webhook).code()).isEqualTo("processed");
    assertThat(receiver.process(webhook).code()).isEqualTo("duplicate");
    assertThat(seen).containsExactly(webhook);
  }

  @Test
  void event_withAnyTimestampOrNoneAndUnknownFields_isHandled() {
    WebhookReceiver receiver = builder()
        .on(
            EventName.ROOM_SOLVED,
            webhook -> calls.add(webhook.event().timestampText().orElse("none")))
        .build();
    for (String timestamp : List.of(
        ",\"timestamp\":\"2026-01-09T03:42:38+0000\"",
        ",\"timestamp\":1767930158",
        ",\"timestamp\":1767930158123.5",
        ",\"timestamp\":\"yesterday\"",
        ",\"timestamp\":null",
        ",\"timestamp\":{\"at\":[]}",
        "")) {
      byte[] event = Fixtures.utf8("{\"account\":{\"id\":[7]},\"data\":{},"
          + "\"event\":\"room.solved\",\"id\":\"evt_1\"" + timestamp + "}");
      assertThat(receiver.receive(Fixtures.request(event).build()).code())
          .as(timestamp)
          .isEqualTo("processed");
    }
    assertThat(calls)
        .hasSize(7)
        .contains("2026-01-09T03:42:38+0000", "1767930158", "yesterday", "none");
  }

  @Test
  void receiveAsync_ofAnything_blocksInTheExecutorOnly() {
    ManualExecutor executor = new ManualExecutor();
    List<VerifiedWebhook> seen = new ArrayList<>();
    WebhookReceiver receiver = WebhookReceiver.builder(Fixtures.verifier().build())
        .otherwise(seen::add)
        .deduplicate(ProcessedEvents.inMemory())
        .build();
    IncomingRequest request = Fixtures.request(Fixtures.event("a.b", "evt_1")).build();
    CompletableFuture<ReceiverResponse> response = receiver.receiveAsync(request, executor);
    assertThat(response).isNotDone();
    assertThat(seen).isEmpty();
    executor.runAll();
    assertThat(response.join().code()).isEqualTo("processed");
    assertThat(receiver
            .receiveAsync(IncomingRequest.builder().build(), executor)
            .join()
            .code())
        .isEqualTo("missing_signature");
    executor.mode(ManualExecutor.Mode.REJECT);
    assertThat(receiver.receiveAsync(request, executor).join().code()).isEqualTo("overloaded");
  }
}
