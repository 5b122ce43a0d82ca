package cloud.klink.webhooks.verifier.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.event.WebhookHeaders;
import cloud.klink.webhooks.signature.Signature;
import cloud.klink.webhooks.verifier.Fixtures;
import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.RefusalReason;
import cloud.klink.webhooks.verifier.UnprintableException;
import cloud.klink.webhooks.verifier.deduplication.Claim;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is thrown within a receiver, it answers. */
class ReceiverFailureTest {
  private static final byte[] EVENT = Fixtures.event("room.solved", "evt_1");

  static List<Throwable> failures() {
    return List.of(
        new NoSuchMethodError("x"),
        new ExceptionInInitializerError("x"),
        new StackOverflowError(),
        new OutOfMemoryError("x"),
        new AssertionError("x"),
        new IllegalStateException("x"),
        new UnprintableException(),
        new Exception("undeclared"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void receiver_thatFailsWithin_answersInEveryWay(Throwable failure) throws IOException {
    WebhookReceiver receiver = builder(ProcessedEvents.inMemory())
        .clock(new TestClock(() -> sneak(failure)))
        .build();
    IncomingRequest request = Fixtures.request(EVENT).build();
    Signature signature = Signature.parse(Fixtures.sign(EVENT));

    assertFailed(receiver.receive(request));
    assertFailed(receiver.receive(head(), new ByteArrayInputStream(EVENT)));
    assertFailed(receiver.receive(WebSocketMessage.of("d1", signature, EVENT)));
    assertFailed(receiver.process(Fixtures.webhook(EVENT)));
    assertFailed(receiver.receiveAsync(request, Runnable::run).join());
  }

  @ParameterizedTest
  @MethodSource("failures")
  void body_thatThrowsWhatItDoesNotDeclare_isAnswered(Throwable failure) throws IOException {
    WebhookReceiver receiver = builder(ProcessedEvents.inMemory()).build();

    assertFailed(receiver.receive(head(), new InputStream() {
      @Override
      public int read() {
        return sneak(failure);
      }

      @Override
      public int read(byte[] bytes, int offset, int length) {
        return sneak(failure);
      }
    }));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void executor_thatThrowsAnything_isAnswered(Throwable failure) {
    WebhookReceiver receiver = builder(ProcessedEvents.inMemory()).build();

    assertFailed(receiver
        .receiveAsync(Fixtures.request(EVENT).build(), task -> sneak(failure))
        .join());
  }

  @ParameterizedTest
  @MethodSource("failures")
  void memory_thatThrowsAnything_isAnsweredAsUnavailable(Throwable failure) {
    WebhookReceiver receiver = builder(new Memory() {
          @Override
          public Claim claim(String key, Instant now, Instant leaseUntil) {
            return sneak(failure);
          }
        })
        .build();

    ReceiverResponse response = receiver.receive(Fixtures.request(EVENT).build());

    assertThat(response.reason()).contains(RefusalReason.DEDUPLICATION_UNAVAILABLE);
    assertThat(response.status()).isEqualTo(503);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void memory_thatCannotMarkAfterTheHandler_leavesTheAnswerASuccess(Throwable failure) {
    WebhookReceiver receiver = builder(new Memory() {
          @Override
          public boolean done(Claim claim, Instant now) {
            return sneak(failure);
          }
        })
        .build();

    assertThat(receiver.receive(Fixtures.request(EVENT).build()).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void memory_thatCannotRelease_leavesTheAnswerTheHandlersFailure(Throwable failure) {
    WebhookReceiver receiver = WebhookReceiver.builder(Fixtures.verifier().build())
        .otherwise(webhook -> sneak(failure))
        .deduplicate(new Memory() {
          @Override
          public boolean release(Claim claim) {
            return sneak(failure);
          }
        })
        .build();

    ReceiverResponse response = receiver.receive(Fixtures.request(EVENT).build());

    assertThat(response.reason()).contains(RefusalReason.HANDLER_FAILED);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void acknowledging_thatFails_releasesTheClaim(Throwable failure) {
    Memory memory = new Memory();
    // The claim asks for the time first, the queue second.
    WebhookReceiver receiver = builder(memory)
        .acknowledgeFirst()
        .clock(new TestClock(() -> memory.claimed == 0 ? Instant.EPOCH : sneak(failure)))
        .build();

    assertFailed(receiver.receive(Fixtures.request(EVENT).build()));

    assertThat(memory.released).isEqualTo(1);
    assertThat(receiver.close(Duration.ZERO)).isEmpty();
  }

  @Test
  void handler_thatIsInterrupted_leavesTheThreadInterrupted() {
    WebhookReceiver receiver = WebhookReceiver.builder(Fixtures.verifier().build())
        .otherwise(webhook -> sneak(new InterruptedException("x")))
        .build();

    ReceiverResponse response = receiver.receive(Fixtures.request(EVENT).build());

    assertThat(Thread.interrupted()).isTrue();
    assertThat(response.reason()).contains(RefusalReason.HANDLER_FAILED);
  }

  @Test
  void thread_thatIsStopped_diesAndReleasesTheClaim() {
    Memory memory = new Memory();
    WebhookReceiver receiver = WebhookReceiver.builder(Fixtures.verifier().build())
        .otherwise(webhook -> sneak(new ThreadDeath()))
        .deduplicate(memory)
        .build();

    assertThatThrownBy(() -> receiver.receive(Fixtures.request(EVENT).build()))
        .isInstanceOf(ThreadDeath.class);

    assertThat(memory.released).isEqualTo(1);
  }

  private static WebhookReceiverBuilder builder(ProcessedEvents memory) {
    return WebhookReceiver.builder(Fixtures.verifier().build())
        .otherwise(webhook -> {})
        .deduplicate(memory);
  }

  private static IncomingRequest head() {
    return IncomingRequest.builder()
        .target("/klink?" + Fixtures.QUERY)
        .header(WebhookHeaders.SIGNATURE, Fixtures.sign(EVENT))
        .build();
  }

  private static void assertFailed(ReceiverResponse response) {
    assertThat(response.reason()).contains(RefusalReason.RECEIVER_FAILED);
    assertThat(response.status()).isEqualTo(500);
  }

  /** Throws anything from where it is not declared. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <R, E extends Throwable> R sneak(Throwable failure) throws E {
    throw (E) failure;
  }

  /** Counts what is asked of it. */
  private static class Memory implements ProcessedEvents {
    private final ProcessedEvents events = ProcessedEvents.inMemory();
    int claimed;
    int released;

    @Override
    public Claim claim(String key, Instant now, Instant leaseUntil) {
      claimed++;
      return events.claim(key, now, leaseUntil);
    }

    @Override
    public boolean renew(Claim claim, Instant leaseUntil) {
      return events.renew(claim, leaseUntil);
    }

    @Override
    public boolean done(Claim claim, Instant now) {
      return events.done(claim, now);
    }

    @Override
    public boolean release(Claim claim) {
      released++;
      return events.release(claim);
    }
  }

  private static final class TestClock extends Clock {
    private final Supplier<Instant> instants;

    TestClock(Supplier<Instant> instants) {
      this.instants = instants;
    }

    @Override
    public Instant instant() {
      return instants.get();
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
