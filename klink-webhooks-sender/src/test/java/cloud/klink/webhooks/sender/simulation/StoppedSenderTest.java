package cloud.klink.webhooks.sender.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.InterceptedStorage;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A sender that has stopped on executors and a timer of the user's, which go on. */
class StoppedSenderTest {
  private int records;

  private final SenderFixture fixture = new SenderFixture(unwritable(), builder -> builder);

  private Storage unwritable() {
    return InterceptedStorage.of(new InMemoryStorage(), call -> {
      if (call.is("record")) {
        records++;
        throw new StorageException(SenderReason.STORAGE_UNAVAILABLE, "down", null);
      }
      return call.proceed();
    });
  }

  @Test
  void stop_outcomesThatCannotBeWritten_areNotTriedAnyMore() {
    fixture.publish();
    fixture.pass(Duration.ofSeconds(1));
    assertThat(records).isPositive();

    CompletableFuture<Void> stopped = fixture.sender.stop(Duration.ofSeconds(1));
    fixture.pass(Duration.ofSeconds(5));
    assertThat(stopped).isDone();
    int before = records;
    fixture.pass(Duration.ofHours(1));

    assertThat(records).isEqualTo(before);
  }
}
