package cloud.klink.webhooks.sender.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An outcome at which the storage fails, as if it were unavailable, and takes all others. */
class SetAsideOutcomeTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private String poison = "";
  private int refusals;
  private int calls;
  private final SenderFixture fixture =
      new SenderFixture(failing(new InMemoryStorage()), UnaryOperator.identity());

  /** The first calls refuse the outcome, and the later ones fail. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8})
  void outcome_atWhichTheStorageFails_keepsNoOtherWaiting(int refusalsBefore) {
    refusals = refusalsBefore;
    fixture.publishToAll();
    fixture.pass(SECOND);
    poison = fixture.webhook.id();
    String kept = fixture.publishToAll().get(0);
    fixture.pass(SECOND);
    fixture.webhook(Environment.DEVELOPMENT, "others", "others.example.com");
    for (int i = 0; i < 60; i++) {
      String other = fixture.publishToAll(Environment.DEVELOPMENT).get(0);
      fixture.pass(SECOND);

      assertThat(fixture.delivery(other).state()).isEqualTo(DeliveryState.SUCCEEDED);
    }
    assertThat(calls).isGreaterThan(refusals + 2);
    assertThat(fixture.delivery(kept).state()).isEqualTo(DeliveryState.WAITING);
    poison = "";
    fixture.pass(Duration.ofMinutes(5));
    assertThat(fixture.delivery(kept).state()).isEqualTo(DeliveryState.SUCCEEDED);
  }

  private Storage failing(Storage storage) {
    return (Storage) Proxy.newProxyInstance(
        Storage.class.getClassLoader(),
        new Class<?>[] {Storage.class},
        (proxy, method, arguments) -> {
          if (method.getName().equals("record") && isPoisoned((List<?>) arguments[0])) {
            calls++;
            throw new StorageException(
                calls <= refusals ? SenderReason.STORAGE_REFUSED : SenderReason.STORAGE_UNAVAILABLE,
                "not this one",
                null);
          }
          try {
            return method.invoke(storage, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  private boolean isPoisoned(List<?> outcomes) {
    return outcomes.stream().anyMatch(outcome -> poison.equals(((Outcome) outcome).webhookId()));
  }
}
