package cloud.klink.webhooks.sender.internal.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.Reencrypted;
import cloud.klink.webhooks.sender.internal.secret.SecretCodec;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.secret.AesGcmCipher;
import cloud.klink.webhooks.sender.secret.UnreadableSecretException;
import cloud.klink.webhooks.sender.storage.InterceptedStorage;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.InvalidWebhookException;
import cloud.klink.webhooks.sender.webhook.StaleWebhookException;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.sender.webhook.WebhookEditor;
import cloud.klink.webhooks.sender.webhook.Webhooks;
import cloud.klink.webhooks.signature.SigningSecret;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Secrets that are stored encrypted: as they are changed, damaged, fixed and encrypted anew. */
class SecretsTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] OLD = AesGcmCipher.generateKey(RANDOM);
  private static final byte[] NEW = AesGcmCipher.generateKey(RANDOM);
  private static final SecretCodec ONE = SecretCodec.encrypting(AesGcmCipher.of("k1", OLD));
  private static final SecretCodec TURNING_ON = ONE.allowingUnencrypted();
  private static final SecretCodec TWO =
      SecretCodec.encrypting(AesGcmCipher.of("k2", NEW).withOlderKey("k1", OLD));
  private static final SecretCodec ONLY_TWO = SecretCodec.encrypting(AesGcmCipher.of("k2", NEW));

  /** Encrypts under the first key and can read the second as well, as in the midst of a change. */
  private static final SecretCodec READY =
      SecretCodec.encrypting(AesGcmCipher.of("k1", OLD).withOlderKey("k2", NEW));

  private static final List<String> OTHER_ORIGINS = List.of(
      "https://evil.example.org/klink",
      "https://hooks.example.com:8443/klink",
      "https://hooks.example.com.evil.example.org/klink");

  private final Storage storage = new InMemoryStorage();
  private final Managing managing = new Managing(storage, ONE);

  private StoredWebhook stored(String id) {
    return storage.find(List.of(id)).get(id);
  }

  private static String authentication(SecretCodec secretCodec, StoredWebhook stored) {
    return secretCodec.openAuthentication(
        stored.id(),
        stored.webhook().url(),
        stored.authenticationVersion(),
        stored.authentication());
  }

  private Webhook withToken() {
    return withToken(managing);
  }

  private static Webhook withToken(Managing node) {
    return node.editor().headerAuthentication("X-Api-Key", "hunter2").save();
  }

  /** Puts something else in the place of what is stored, as no sender would. */
  private void put(String id, UnaryOperator<StoredWebhook> change) {
    StoredWebhook changed = change.apply(stored(id));
    Webhook webhook = changed.webhook();
    assertThat(storage.update(changed.withWebhook(
            webhook.toBuilder().version(webhook.version() + 1).build())))
        .isTrue();
  }

  private void putSecret(String id, String secret) {
    put(
        id,
        was -> new StoredWebhook(
            was.webhook(),
            secret,
            was.secretVersion(),
            was.authentication(),
            was.authenticationVersion()));
  }

  private void putAuthentication(String id, String value) {
    put(
        id,
        was -> new StoredWebhook(
            was.webhook(), was.secret(), was.secretVersion(), value, was.authenticationVersion()));
  }

  @Test
  void create_withACipher_storesNothingThatCanBeRead() {
    String id = withToken().id();

    SigningSecret secret = managing.webhooks.revealSecret(id);
    assertThat(secret.reveal()).startsWith("whsec_");
    assertThat(stored(id).secret()).startsWith("enc:1:k1:").doesNotContain(secret.reveal());
    assertThat(stored(id).authentication()).startsWith("enc:1:k1:").doesNotContain("hunter2");
    assertThat(authentication(ONE, stored(id))).isEqualTo("hunter2");
  }

  @Test
  void regenerate_withACipher_storesANewOneEncrypted() {
    String id = withToken().id();
    StoredWebhook before = stored(id);

    SigningSecret secret = managing.webhooks.regenerateSecret(id);

    assertThat(managing.webhooks.revealSecret(id)).isEqualTo(secret);
    assertThat(stored(id).secret()).startsWith("enc:1:k1:").isNotEqualTo(before.secret());
    assertThat(stored(id).authentication()).isEqualTo(before.authentication());
  }

  @Test
  void edit_thatSetsWhatThereIs_changesNothing() {
    Webhook webhook = withToken();
    StoredWebhook before = stored(webhook.id());

    Webhook saved = managing
        .webhooks
        .edit(webhook)
        .headerAuthentication("X-Api-Key", "hunter2")
        .save();

    assertThat(saved).isEqualTo(webhook);
    assertThat(stored(webhook.id())).isEqualTo(before);
  }

  @Test
  void edit_thatSetsAnotherValue_storesIt() {
    Webhook webhook = withToken();
    StoredWebhook before = stored(webhook.id());

    managing.webhooks.edit(webhook).headerAuthentication("X-Api-Key", "hunter3").save();

    StoredWebhook after = stored(webhook.id());
    assertThat(after.secret()).isEqualTo(before.secret());
    assertThat(authentication(ONE, after)).isEqualTo("hunter3");
    managing
        .webhooks
        .edit(managing.webhooks.get(webhook.id()).orElseThrow())
        .noAuthentication()
        .save();
    assertThat(stored(webhook.id()).authentication()).isEmpty();
  }

  @Test
  void damagedSecret_always_isToldAndMendedByRegenerating() {
    String id = withToken().id();
    putSecret(id, "enc:1:k1:" + "A".repeat(60));

    assertThatThrownBy(() -> managing.webhooks.revealSecret(id))
        .isInstanceOfSatisfying(
            UnreadableSecretException.class,
            e -> assertThat(e.reason()).isEqualTo(SenderReason.SECRET_NOT_AUTHENTIC));
    everythingElseWorks(id);
    SigningSecret secret = managing.webhooks.regenerateSecret(id);
    assertThat(managing.webhooks.revealSecret(id)).isEqualTo(secret);
  }

  /** Nobody need read a secret for it. */
  private void everythingElseWorks(String id) {
    Webhook webhook = managing.webhooks.get(id).orElseThrow();
    StoredWebhook before = stored(id);
    assertThat(managing.webhooks.list(Environment.PRODUCTION)).contains(webhook);
    assertThat(managing.webhooks.edit(webhook).name("ERP").save().name()).isEqualTo("ERP");
    assertThat(managing.webhooks.pause(id, "x").isPaused()).isTrue();
    assertThat(managing.webhooks.resume(id).isPaused()).isFalse();
    assertThat(stored(id).secret()).isEqualTo(before.secret());
    assertThat(stored(id).authentication()).isEqualTo(before.authentication());
  }

  @Test
  void damagedAuthentication_always_isMendedBySettingItAgain() {
    String id = withToken().id();
    SigningSecret secret = managing.webhooks.revealSecret(id);
    putAuthentication(id, "enc:1:k1:damaged");

    everythingElseWorks(id);
    managing
        .webhooks
        .edit(managing.webhooks.get(id).orElseThrow())
        .headerAuthentication("X-Api-Key", "hunter2")
        .save();

    assertThat(authentication(ONE, stored(id))).isEqualTo("hunter2");
    assertThat(managing.webhooks.revealSecret(id)).isEqualTo(secret);
  }

  @Test
  void damagedWebhook_always_canBeDeleted() {
    String id = withToken().id();
    putSecret(id, "enc:7:later");
    putAuthentication(id, "enc:");

    managing.webhooks.delete(id);

    assertThat(managing.webhooks.get(id)).isEmpty();
  }

  @Test
  void secret_copiedFromAnotherWebhook_isNotRead() {
    String one = withToken().id();
    String other = withToken().id();
    StoredWebhook from = stored(other);
    putSecret(one, from.secret());
    putAuthentication(one, from.authentication());

    assertThatThrownBy(() -> managing.webhooks.revealSecret(one))
        .isInstanceOf(UnreadableSecretException.class)
        .hasMessageNotContaining(managing.webhooks.revealSecret(other).reveal());
    assertThat(managing.webhooks.reencrypt()).containsExactly(one);
  }

  @Test
  void secrets_withoutTheKey_areUnreadableAndStayAsTheyAre() {
    String id = withToken().id();
    StoredWebhook before = stored(id);
    Webhooks keyless = new Managing(storage, SecretCodec.plain()).webhooks;

    assertThatThrownBy(() -> keyless.revealSecret(id))
        .isInstanceOfSatisfying(
            UnreadableSecretException.class,
            e -> assertThat(e.reason()).isEqualTo(SenderReason.SECRET_NO_KEY));
    assertThat(Reencrypted.by(keyless)).isEqualTo(new Reencrypted(0, 0, Set.of(id)));
    assertThat(stored(id)).isEqualTo(before);
  }

  // --- who else might get a value, or have one taken

  @Test
  void edit_ofSchemeHostOrPort_demandsTheValueAgain() {
    for (SecretCodec secretCodec : List.of(ONE, SecretCodec.plain())) {
      Managing node = new Managing(new InMemoryStorage(), secretCodec);
      Webhook webhook = withToken(node);
      for (String url : OTHER_ORIGINS) {
        assertDemandsTheValue(() -> node.webhooks.edit(webhook).url(url).save());
      }
      assertDemandsTheValue(() -> node.webhooks
          .edit(webhook)
          .method(DeliveryMethod.WEBSOCKET)
          .url("wss://hooks.example.com/klink")
          .save());
      assertThat(node.webhooks.get(webhook.id())).contains(webhook);
    }
  }

  private static void assertDemandsTheValue(ThrowingCallable edit) {
    assertThatThrownBy(edit)
        .isInstanceOfSatisfying(
            InvalidWebhookException.class,
            e -> assertThat(e.faults())
                .containsOnlyKeys("authentication.value")
                .extractingByKey("authentication.value")
                .asInstanceOf(InstanceOfAssertFactories.list(String.class))
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith("enter it again: scheme, host or port"))
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void edit_ofTheOriginWithTheValueOrWithNone_isSaved() {
    Webhook webhook = withToken();

    Webhook moved = managing
        .webhooks
        .edit(webhook)
        .url(OTHER_ORIGINS.get(0))
        .headerAuthentication("X-Api-Key", "hunter2")
        .save();

    assertThat(authentication(ONE, stored(webhook.id()))).isEqualTo("hunter2");
    Webhook bare =
        managing.webhooks.edit(moved).url(Managing.URL).noAuthentication().save();
    assertThat(managing.webhooks.edit(bare).url(OTHER_ORIGINS.get(1)).save().url())
        .isEqualTo(OTHER_ORIGINS.get(1));
  }

  @Test
  void edit_ofTheRestOfTheUrl_keepsTheValue() {
    Webhook webhook = withToken();

    managing
        .webhooks
        .edit(webhook)
        .url("HTTPS://Hooks.Example.com:443/other?x=y")
        .save();

    assertThat(authentication(ONE, stored(webhook.id()))).isEqualTo("hunter2");
  }

  @Test
  void edit_afterASave_demandsTheValueAgain() {
    WebhookEditor editor = managing.editor().basicAuthentication("hunter2");
    editor.save();

    assertDemandsTheValue(() -> editor.url(OTHER_ORIGINS.get(0)).save());
  }

  @Test
  void edit_ofAWebhookThatWasNotReadButMade_demandsTheValue() {
    Webhook webhook = withToken();
    Webhook made =
        webhook.toBuilder().url(OTHER_ORIGINS.get(0)).authenticationHeader("").build();

    assertDemandsTheValue(() -> managing.webhooks.edit(made).save());
    assertDemandsTheValue(
        () -> managing.webhooks.edit(made).name("ERP").url(OTHER_ORIGINS.get(1)).save());
  }

  @Test
  void authentication_ofAUrlThatWasChangedInTheStorage_isUnreadableUntilItIsSetAgain() {
    String id = withToken().id();
    String url = OTHER_ORIGINS.get(0);
    put(id, was -> was.withWebhook(was.webhook().toBuilder().url(url).build()));

    assertThat(managing.webhooks.reencrypt()).containsExactly(id);
    everythingElseWorks(id);
    assertThat(managing.webhooks.reencrypt()).containsExactly(id);
    managing
        .webhooks
        .edit(managing.webhooks.get(id).orElseThrow())
        .headerAuthentication("X-Api-Key", "hunter3")
        .save();
    assertThat(authentication(ONE, stored(id))).isEqualTo("hunter3");
  }

  @Test
  void secrets_thatWereReplaced_areNotReadWhenTheyArePutBack() {
    Webhook webhook = withToken();
    String id = webhook.id();
    StoredWebhook before = stored(id);
    managing.webhooks.edit(webhook).headerAuthentication("X-Api-Key", "hunter3").save();
    putAuthentication(id, before.authentication());
    assertThat(managing.webhooks.reencrypt()).containsExactly(id);
    managing
        .webhooks
        .edit(managing.webhooks.get(id).orElseThrow())
        .headerAuthentication("X-Api-Key", "hunter2")
        .save();
    assertThat(managing.webhooks.reencrypt()).isEmpty();

    managing.webhooks.regenerateSecret(id);
    managing.webhooks.pause(id, "");
    putSecret(id, before.secret());

    assertThatThrownBy(() -> managing.webhooks.revealSecret(id))
        .isInstanceOfSatisfying(
            UnreadableSecretException.class,
            e -> assertThat(e.reason()).isEqualTo(SenderReason.SECRET_NOT_AUTHENTIC));
  }

  // --- tries that threw

  /** Fails once after it has called a method, and does something between. */
  private Storage failingAfter(String method, Runnable between) {
    AtomicInteger calls = new AtomicInteger();
    return InterceptedStorage.of(storage, call -> {
      Object result = call.proceed();
      if (call.is(method) && calls.incrementAndGet() == 1) {
        between.run();
        throw new StorageException(SenderReason.STORAGE_UNAVAILABLE, "down", null);
      }
      return result;
    });
  }

  @Test
  void create_thatThrewAfterItWasStored_isRepeatedWithoutASecondWebhook() {
    Managing failing = new Managing(failingAfter("insert", () -> {}), ONE);
    WebhookEditor editor = failing.editor().basicAuthentication("hunter2");
    assertThatThrownBy(editor::save).isInstanceOf(StorageException.class);

    Webhook saved = editor.save();

    assertThat(managing.webhooks.list(Environment.PRODUCTION)).containsExactly(saved);
    assertThat(saved.version()).isEqualTo(1);
  }

  @Test
  void create_thatThrewAndWasEncryptedAnewSince_makesNoSecondWebhook() {
    Webhooks rotating = new Managing(storage, TWO).webhooks;
    Managing failing = new Managing(failingAfter("insert", rotating::reencrypt), READY);
    WebhookEditor editor = failing.editor();
    assertThatThrownBy(editor::save).isInstanceOf(StorageException.class);

    assertThatThrownBy(editor::save).isInstanceOf(StaleWebhookException.class);

    assertThat(managing.webhooks.list(Environment.PRODUCTION)).hasSize(1);
  }

  @Test
  void create_thatThrewAndWasEncryptedUnderAForeignKeySince_makesNoSecondWebhook() {
    Webhooks rotating = new Managing(storage, TWO).webhooks;
    Managing failing = new Managing(failingAfter("insert", rotating::reencrypt), ONE);
    WebhookEditor editor = failing.editor();
    assertThatThrownBy(editor::save).isInstanceOf(StorageException.class);

    assertThatThrownBy(editor::save).isInstanceOf(UnreadableSecretException.class);

    assertThat(managing.webhooks.list(Environment.PRODUCTION)).hasSize(1);
  }

  @Test
  void edit_thatThrewAfterItWasStored_isRepeatedAndIsNotStale() {
    Webhook webhook = withToken();
    Managing failing = new Managing(failingAfter("update", () -> {}), ONE);
    WebhookEditor editor =
        failing.webhooks.edit(webhook).headerAuthentication("X-Api-Key", "hunter3");
    assertThatThrownBy(editor::save).isInstanceOf(StorageException.class);

    Webhook saved = editor.save();

    assertThat(saved.version()).isEqualTo(2);
    assertThat(authentication(ONE, stored(webhook.id()))).isEqualTo("hunter3");
  }

  // --- encrypting anew

  @Test
  void reencrypt_ofPlainRows_encryptsThemAndNothingElse() {
    Managing plain = new Managing(storage, SecretCodec.plain());
    Webhook webhook = plain.editor().basicAuthentication("enc:1:k1:mine").save();
    Webhook other = plain
        .webhooks
        .create(Environment.DEVELOPMENT)
        .name("Other")
        .url(Managing.URL)
        .subscriptions(List.of("contact.*"))
        .save();
    SigningSecret secret = plain.webhooks.revealSecret(webhook.id());

    Reencrypted refused = Reencrypted.by(managing.webhooks);
    Managing turningOn = new Managing(storage, TURNING_ON);
    Reencrypted done = Reencrypted.by(turningOn.webhooks);

    assertThat(refused).isEqualTo(new Reencrypted(0, 0, Set.of(webhook.id(), other.id())));
    assertThat(done).isEqualTo(new Reencrypted(2, 0, Set.of()));
    assertThat(Reencrypted.by(managing.webhooks)).isEqualTo(new Reencrypted(0, 2, Set.of()));
    StoredWebhook after = stored(webhook.id());
    assertThat(after.webhook()).isEqualTo(webhook.toBuilder().version(2).build());
    assertThat(after.secret()).startsWith("enc:1:k1:");
    assertThat(authentication(ONE, after)).isEqualTo("enc:1:k1:mine");
    assertThat(managing.webhooks.revealSecret(webhook.id())).isEqualTo(secret);
    assertThat(stored(other.id()).authentication()).isEmpty();
    assertThat(turningOn.changed).containsExactlyInAnyOrder(webhook.id(), other.id());
  }

  @Test
  void reencrypt_ofAnotherKey_makesTheOldOneUnneeded() {
    String id = withToken().id();
    String current = withToken(new Managing(storage, TWO)).id();
    SigningSecret secret = managing.webhooks.revealSecret(id);
    assertThatThrownBy(() -> new Managing(storage, ONLY_TWO).webhooks.revealSecret(id))
        .isInstanceOf(UnreadableSecretException.class);

    assertThat(Reencrypted.by(new Managing(storage, TWO).webhooks))
        .isEqualTo(new Reencrypted(1, 1, Set.of()));

    assertThat(new Managing(storage, ONLY_TWO).webhooks.revealSecret(id)).isEqualTo(secret);
    assertThat(Reencrypted.by(new Managing(storage, ONLY_TWO).webhooks))
        .isEqualTo(new Reencrypted(0, 2, Set.of()));
    assertThat(stored(current).webhook().version()).isEqualTo(1);
  }

  @Test
  void reencrypt_toTurnItOff_decrypts() {
    Webhook webhook = managing.editor().basicAuthentication("enc:mine").save();
    SigningSecret secret = managing.webhooks.revealSecret(webhook.id());
    SecretCodec off = SecretCodec.decrypting(AesGcmCipher.of("k1", OLD));

    assertThat(Reencrypted.by(new Managing(storage, off).webhooks))
        .isEqualTo(new Reencrypted(1, 0, Set.of()));

    assertThat(stored(webhook.id()).secret()).isEqualTo(secret.reveal());
    assertThat(stored(webhook.id()).authentication()).isEqualTo("enc:0:enc:mine");
    assertThat(stored(webhook.id()).webhook().authenticationHeader()).contains("Authorization");
    assertThat(Reencrypted.by(new Managing(storage, SecretCodec.plain()).webhooks))
        .isEqualTo(new Reencrypted(0, 1, Set.of()));
  }

  @Test
  void reencrypt_withADamagedHalf_doesTheOtherAndTellsOfIt() {
    String id = withToken().id();
    putSecret(id, "enc:1:k1:damaged");
    String whole = withToken().id();
    Webhooks rotating = new Managing(storage, TWO).webhooks;

    assertThat(Reencrypted.by(rotating)).isEqualTo(new Reencrypted(1, 0, Set.of(id)));
    assertThat(Reencrypted.by(rotating)).isEqualTo(new Reencrypted(0, 1, Set.of(id)));

    assertThat(stored(id).secret()).isEqualTo("enc:1:k1:damaged");
    assertThat(authentication(ONLY_TWO, stored(id))).isEqualTo("hunter2");
    assertThat(stored(whole).secret()).startsWith("enc:1:k2:");
  }

  @Test
  void reencrypt_ofMoreThanAPage_goesThroughAll() {
    Managing plain = new Managing(storage, SecretCodec.plain());
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 1_201; i++) {
      ids.add(plain.created().id());
    }

    assertThat(Reencrypted.by(new Managing(storage, TURNING_ON).webhooks))
        .isEqualTo(new Reencrypted(1_201, 0, Set.of()));

    assertThat(storage.find(ids).values())
        .hasSize(1_201)
        .allSatisfy(webhook -> assertThat(webhook.secret()).startsWith("enc:1:k1:"));
  }

  @Test
  void reencrypt_cutOffInTheMiddle_isFinishedByTheNext() {
    Managing plain = new Managing(storage, SecretCodec.plain());
    for (int i = 0; i < 20; i++) {
      plain.created();
    }
    Webhooks failing = new Managing(failingAfter("update", () -> {}), TURNING_ON).webhooks;

    assertThatThrownBy(failing::reencrypt).isInstanceOf(StorageException.class);

    assertThat(Reencrypted.by(new Managing(storage, TURNING_ON).webhooks))
        .isEqualTo(new Reencrypted(19, 1, Set.of()));
  }

  @Test
  void reencrypt_duringEditsAndOnTwoNodes_losesNothing() throws Exception {
    Managing plain = new Managing(storage, SecretCodec.plain());
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      ids.add(plain.editor().basicAuthentication("token 0").save().id());
    }
    assertThat(Reencrypted.by(new Managing(storage, TURNING_ON).webhooks).changed())
        .isEqualTo(10);
    CountDownLatch edited = new CountDownLatch(50);
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      Future<?> first = pool.submit(() -> turn(edited));
      Future<?> second = pool.submit(() -> turn(edited));
      Future<?> edits = pool.submit(() -> {
        for (int i = 1; i <= 50; i++) {
          String value = "token " + i;
          ids.forEach(id -> edit(id, value));
          ids.forEach(id -> managing.webhooks.regenerateSecret(id));
          edited.countDown();
        }
      });
      edits.get();
      first.get();
      second.get();
    } finally {
      pool.shutdownNow();
    }

    Reencrypted last = Reencrypted.by(new Managing(storage, TWO).webhooks);

    assertThat(last.unreadable()).isEmpty();
    assertThat(last.changed() + last.current()).isEqualTo(10);
    ids.forEach(id -> {
      assertThat(authentication(ONLY_TWO, stored(id))).isEqualTo("token 50");
      assertThat(new Managing(storage, ONLY_TWO).webhooks.revealSecret(id).reveal())
          .startsWith("whsec_");
    });
  }

  /** Encrypts under the two keys in turns until all edits are done. */
  private void turn(CountDownLatch edited) {
    Webhooks one = new Managing(storage, READY).webhooks;
    Webhooks two = new Managing(storage, TWO).webhooks;
    do {
      assertThat(one.reencrypt()).isEmpty();
      assertThat(two.reencrypt()).isEmpty();
    } while (edited.getCount() > 0);
  }

  private void edit(String id, String value) {
    Webhooks webhooks = new Managing(storage, TWO).webhooks;
    boolean done = false;
    while (!done) {
      try {
        webhooks.edit(webhooks.get(id).orElseThrow()).basicAuthentication(value).save();
        done = true;
      } catch (StaleWebhookException e) {
        assertThat(e.storedVersion()).isGreaterThan(e.editedVersion());
      }
    }
  }
}
