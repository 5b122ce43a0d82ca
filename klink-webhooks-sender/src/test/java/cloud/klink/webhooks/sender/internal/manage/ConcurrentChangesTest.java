package cloud.klink.webhooks.sender.internal.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.InterceptedStorage;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.webhook.StaleWebhookException;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.sender.webhook.WebhookEditor;
import cloud.klink.webhooks.sender.webhook.Webhooks;
import cloud.klink.webhooks.signature.SigningSecret;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Changes at the same time, and by a storage that fails. */
class ConcurrentChangesTest {
  private static final int THREADS = 16;
  private static final int ROUNDS = 50;

  private static <T> List<T> together(Callable<T> work)
      throws InterruptedException, ExecutionException {
    CyclicBarrier barrier = new CyclicBarrier(THREADS);
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        futures.add(pool.submit(() -> {
          barrier.await();
          return work.call();
        }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void edit_ofSixteenThreads_losesNoUpdate() throws InterruptedException, ExecutionException {
    Managing managing = new Managing();
    String id = managing.created().id();
    AtomicInteger next = new AtomicInteger();
    Set<String> saved = ConcurrentHashMap.newKeySet();
    saved.add("contact.created");

    together(() -> {
      for (int i = 0; i < 10; i++) {
        String selector = "contact.e" + next.incrementAndGet();
        boolean done = false;
        while (!done) {
          Webhook read = managing.webhooks.get(id).orElseThrow();
          List<String> selectors = new ArrayList<>();
          read.subscriptions().forEach(selectors::add);
          selectors.add(selector);
          try {
            managing.webhooks.edit(read).subscriptions(selectors).save();
            saved.add(selector);
            done = true;
          } catch (StaleWebhookException e) {
            assertThat(e.storedVersion()).isGreaterThan(read.version());
          }
        }
      }
      return id;
    });

    Webhook webhook = managing.webhooks.get(id).orElseThrow();
    Set<String> stored = new HashSet<>();
    webhook.subscriptions().forEach(stored::add);
    assertThat(stored).isEqualTo(saved).hasSize(THREADS * 10 + 1);
    assertThat(webhook.version()).isEqualTo(THREADS * 10 + 1);
  }

  @Test
  void edit_ofOneVersionBySixteenThreads_succeedsOnce()
      throws InterruptedException, ExecutionException {
    Managing managing = new Managing();
    Webhook webhook = managing.created();
    AtomicInteger next = new AtomicInteger();

    List<Boolean> saved = together(() -> {
      try {
        managing.webhooks.edit(webhook).name("CRM " + next.incrementAndGet()).save();
        return true;
      } catch (StaleWebhookException e) {
        return false;
      }
    });

    assertThat(saved).containsOnlyOnce(true);
    assertThat(managing.webhooks.get(webhook.id()).orElseThrow().version()).isEqualTo(2);
  }

  @Test
  void changes_ofSixteenThreads_areAllDoneAndCounted()
      throws InterruptedException, ExecutionException {
    Managing managing = new Managing();
    String id = managing.editor().basicAuthentication("tok").save().id();
    AtomicInteger regenerated = new AtomicInteger();
    AtomicInteger edited = new AtomicInteger();
    Set<String> secrets = ConcurrentHashMap.newKeySet();

    together(() -> {
      for (int i = 0; i < ROUNDS; i++) {
        managing.webhooks.pause(id, "x");
        if (i % 2 == 0) {
          managing.webhooks.resume(id);
        } else {
          managing.webhooks.discardAndResume(id);
        }
        secrets.add(managing.webhooks.regenerateSecret(id).reveal());
        regenerated.incrementAndGet();
        try {
          Webhook read = managing.webhooks.get(id).orElseThrow();
          managing.webhooks.edit(read).name("CRM " + edited.get() + "-" + i).save();
          edited.incrementAndGet();
        } catch (StaleWebhookException e) {
          assertThat(e.storedVersion()).isGreaterThan(e.editedVersion());
        }
      }
      return id;
    });

    StoredWebhook stored = managing.storage.find(List.of(id)).get(id);
    assertThat(secrets).hasSize(regenerated.get()).contains(stored.secret());
    assertThat(stored.authentication()).isEqualTo("tok");
    // Each stored change was told of, and each made a version.
    assertThat(stored.webhook().version()).isEqualTo(managing.changed.size());
    assertThat(managing.changed.size()).isGreaterThan(regenerated.get() + edited.get());
  }

  /** A storage that fails at one call of a method, before or after having done it. */
  private static Storage failing(
      Storage storage, AtomicReference<String> method, boolean afterwards) {
    return InterceptedStorage.of(storage, call -> {
      boolean fails = method.compareAndSet(call.name(), "");
      if (fails && !afterwards) {
        throw new StorageException(SenderReason.STORAGE_UNAVAILABLE, "down", null);
      }
      Object result = call.proceed();
      if (fails) {
        throw new StorageException(SenderReason.STORAGE_UNAVAILABLE, "down", null);
      }
      return result;
    });
  }

  @Test
  void create_onAStorageThatFails_canBeRepeatedAndMakesOne() {
    for (boolean afterwards : new boolean[] {false, true}) {
      AtomicReference<String> method = new AtomicReference<>("insert");
      Managing managing = new Managing(failing(new InMemoryStorage(), method, afterwards));
      WebhookEditor editor = managing.editor();
      assertThatThrownBy(editor::save).isInstanceOf(StorageException.class);

      Webhook saved = editor.name("ERP").save();

      assertThat(saved.name()).isEqualTo("ERP");
      assertThat(managing.webhooks.list(Environment.PRODUCTION)).containsExactly(saved);
      assertThat(managing.changed).contains(saved.id());
    }
  }

  @Test
  void edit_onAStorageThatFails_canBeRepeatedAndIsNotStale() {
    for (boolean afterwards : new boolean[] {false, true}) {
      AtomicReference<String> method = new AtomicReference<>("");
      Managing managing = new Managing(failing(new InMemoryStorage(), method, afterwards));
      WebhookEditor editor = managing.webhooks.edit(managing.created()).name("ERP");
      method.set("update");
      assertThatThrownBy(editor::save).isInstanceOf(StorageException.class);

      Webhook saved = editor.save();

      assertThat(saved.name()).isEqualTo("ERP");
      assertThat(saved.version()).isEqualTo(2);
      assertThat(managing.webhooks.list(Environment.PRODUCTION)).containsExactly(saved);
    }
  }

  @Test
  void edit_repeatedAfterAnotherOne_isStale() {
    AtomicReference<String> method = new AtomicReference<>("");
    Managing managing = new Managing(failing(new InMemoryStorage(), method, true));
    WebhookEditor editor = managing.webhooks.edit(managing.created()).name("ERP");
    method.set("update");
    assertThatThrownBy(editor::save).isInstanceOf(StorageException.class);
    Webhook stored = managing.webhooks.list(Environment.PRODUCTION).get(0);
    managing.webhooks.edit(stored).name("Shop").save();

    assertThatThrownBy(editor::save).isInstanceOf(StaleWebhookException.class);
    assertThat(managing.webhooks.get(stored.id()).orElseThrow().name()).isEqualTo("Shop");
  }

  @Test
  void changes_onAStorageThatFails_canBeRepeated() {
    for (boolean afterwards : new boolean[] {false, true}) {
      AtomicReference<String> method = new AtomicReference<>("");
      Managing managing = new Managing(failing(new InMemoryStorage(), method, afterwards));
      Webhooks webhooks = managing.webhooks;
      String id = managing.created().id();

      method.set("update");
      assertThatThrownBy(() -> webhooks.pause(id, "x")).isInstanceOf(StorageException.class);
      assertThat(webhooks.pause(id, "x").isPaused()).isTrue();
      method.set("end");
      assertThatThrownBy(() -> webhooks.discardAndResume(id)).isInstanceOf(StorageException.class);
      assertThat(webhooks.get(id).orElseThrow().isPaused()).isTrue();
      method.set("update");
      assertThatThrownBy(() -> webhooks.resume(id)).isInstanceOf(StorageException.class);
      assertThat(webhooks.resume(id).isPaused()).isFalse();
      method.set("update");
      assertThatThrownBy(() -> webhooks.regenerateSecret(id)).isInstanceOf(StorageException.class);
      SigningSecret secret = webhooks.regenerateSecret(id);
      assertThat(webhooks.revealSecret(id)).isEqualTo(secret);
      method.set("end");
      assertThatThrownBy(() -> webhooks.delete(id)).isInstanceOf(StorageException.class);
      assertThat(webhooks.get(id)).isEmpty();
    }
  }
}
