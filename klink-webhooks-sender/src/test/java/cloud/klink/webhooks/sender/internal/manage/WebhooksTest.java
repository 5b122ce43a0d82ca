package cloud.klink.webhooks.sender.internal.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventGroup;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.reason.NotFoundException;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.InvalidWebhookException;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import cloud.klink.webhooks.sender.webhook.StaleWebhookException;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.sender.webhook.WebhookEditor;
import cloud.klink.webhooks.sender.webhook.Webhooks;
import cloud.klink.webhooks.signature.SigningSecret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebhooksTest {
  private static final int MANY = 2_500;

  private final Managing managing = new Managing();
  private final Webhooks webhooks = managing.webhooks;

  private StoredWebhook stored(Webhook webhook) {
    return managing.storage.find(List.of(webhook.id())).get(webhook.id());
  }

  private List<DeliveryState> states(List<String> deliveries) {
    return deliveries.stream()
        .map(id -> managing.storage.delivery(id).map(Delivery::state).orElseThrow())
        .distinct()
        .toList();
  }

  @Test
  void create_withAll_storesIt() {
    Webhook webhook = webhooks
        .create(Environment.DEVELOPMENT)
        .name("ការទូទាត់ 😀")
        .method(DeliveryMethod.WEBSOCKET)
        .url("wss://hooks.example.com/klink")
        .headerAuthentication("X-Api-Key", "hunter2")
        .subscribe(EventName.CONTACT_CREATED, EventName.ROOM_SOLVED)
        .subscribeAll(EventGroup.MESSAGE)
        .save();

    assertThat(webhook.environment()).isEqualTo(Environment.DEVELOPMENT);
    assertThat(webhook.name()).isEqualTo("ការទូទាត់ 😀");
    assertThat(webhook.method()).isEqualTo(DeliveryMethod.WEBSOCKET);
    assertThat(webhook.url()).isEqualTo("wss://hooks.example.com/klink");
    assertThat(webhook.authenticationHeader()).contains("X-Api-Key");
    assertThat(webhook.subscriptions())
        .containsExactly("contact.created", "message.*", "room.solved");
    assertThat(webhook.isPaused()).isFalse();
    assertThat(webhook.version()).isEqualTo(1);
    assertThat(webhook.createdAt()).isEqualTo(managing.now());
    assertThat(webhook.updatedAt()).isEqualTo(managing.now());
    assertThat(webhook.activeSince()).isEqualTo(managing.now());
    assertThat(webhooks.get(webhook.id())).contains(webhook);
    assertThat(stored(webhook).authentication()).isEqualTo("hunter2");
    assertThat(managing.changed).containsExactly(webhook.id());
  }

  @Test
  void create_twice_makesTwoWithSecretsOfTheirOwn() {
    Webhook one = managing.created();
    Webhook two = managing.created();

    assertThat(one.id()).isNotEqualTo(two.id());
    assertThat(webhooks.revealSecret(one.id()).reveal()).startsWith("whsec_");
    assertThat(webhooks.revealSecret(one.id())).isNotEqualTo(webhooks.revealSecret(two.id()));
  }

  @Test
  void save_twice_editsWhatWasCreated() {
    WebhookEditor editor = managing.editor();

    Webhook created = editor.save();
    Webhook same = editor.save();
    Webhook edited = editor.name("ERP").save();

    assertThat(same).isEqualTo(created);
    assertThat(edited.id()).isEqualTo(created.id());
    assertThat(edited.version()).isEqualTo(2);
    assertThat(webhooks.list(Environment.PRODUCTION)).containsExactly(edited);
    assertThat(managing.changed).containsExactly(created.id(), created.id());
  }

  @Test
  void save_ofAnIdThatIsTaken_takesTheNext() {
    Webhook taken = managing.created();
    Managing beginningAgain = new Managing(managing.storage);

    Webhook created = beginningAgain.created();

    assertThat(created.id()).isNotEqualTo(taken.id());
    assertThat(webhooks.get(taken.id())).contains(taken);
  }

  @Test
  void get_ofAnythingElse_isEmpty() {
    for (String id : new String[] {"", "whk_9", "a'; --", "\0", "é", "x".repeat(10_000)}) {
      assertThat(webhooks.get(id)).isEmpty();
      assertThatThrownBy(() -> webhooks.revealSecret(id)).isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> webhooks.regenerateSecret(id)).isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> webhooks.delete(id)).isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> webhooks.pause(id, "x")).isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> webhooks.discardAndResume(id)).isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> webhooks.resume(id))
          .isInstanceOfSatisfying(
              NotFoundException.class,
              e -> assertThat(e.reason().code()).isEqualTo("unknown_webhook"));
    }
    assertThat(managing.changed).isEmpty();
  }

  @Test
  void list_ofAnEnvironment_hasAllOfItAndNothingElse() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 1_001; i++) {
      ids.add(managing.created().id());
    }
    Webhook other = webhooks
        .create(Environment.DEVELOPMENT)
        .name("CRM")
        .url(Managing.URL)
        .subscribe(EventName.CONTACT_CREATED)
        .save();

    assertThat(webhooks.list(Environment.PRODUCTION).stream().map(Webhook::id))
        .containsExactlyElementsOf(ids);
    assertThat(webhooks.list(Environment.DEVELOPMENT)).containsExactly(other);
  }

  @Test
  void edit_ofEverything_storesTheNextVersion() {
    Webhook before = managing.editor().basicAuthentication("hunter2").save();
    SigningSecret secret = webhooks.revealSecret(before.id());
    managing.advance(Duration.ofHours(1));

    Webhook after = webhooks
        .edit(before)
        .name("ERP")
        .url("wss://other.example.com/")
        .method(DeliveryMethod.WEBSOCKET)
        .headerAuthentication("X-Api-Key", "hunter3")
        .subscribeAll(EventGroup.ROOM)
        .unsubscribe(EventName.CONTACT_CREATED)
        .save();

    assertThat(after.id()).isEqualTo(before.id());
    assertThat(after.environment()).isEqualTo(before.environment());
    assertThat(after.name()).isEqualTo("ERP");
    assertThat(after.url()).isEqualTo("wss://other.example.com/");
    assertThat(after.method()).isEqualTo(DeliveryMethod.WEBSOCKET);
    assertThat(after.authenticationHeader()).contains("X-Api-Key");
    assertThat(after.subscriptions()).containsExactly("room.*");
    assertThat(after.version()).isEqualTo(2);
    assertThat(after.createdAt()).isEqualTo(before.createdAt());
    assertThat(after.activeSince()).isEqualTo(before.activeSince());
    assertThat(after.updatedAt()).isEqualTo(managing.now());
    assertThat(stored(after).authentication()).isEqualTo("hunter3");
    assertThat(webhooks.revealSecret(after.id())).isEqualTo(secret);
    assertThat(webhooks.get(after.id())).contains(after);
  }

  @Test
  void edit_ofTheNameOnly_keepsSecretAuthenticationAndPause() {
    Webhook before = managing.editor().basicAuthentication("hunter2").save();
    SigningSecret secret = webhooks.revealSecret(before.id());
    Webhook paused = webhooks.pause(before.id(), "maintenance");

    Webhook after = webhooks.edit(paused).name("ERP").save();

    assertThat(after.pause()).isEqualTo(paused.pause());
    assertThat(after.authenticationHeader()).contains("Authorization");
    assertThat(stored(after).authentication()).isEqualTo("hunter2");
    assertThat(webhooks.revealSecret(after.id())).isEqualTo(secret);
  }

  @Test
  void edit_toNoAuthentication_forgetsTheValue() {
    Webhook before = managing.editor().basicAuthentication("hunter2").save();

    Webhook after = webhooks.edit(before).noAuthentication().save();

    assertThat(after.authenticationHeader()).isEmpty();
    assertThat(stored(after).authentication()).isEmpty();
  }

  @Test
  void edit_ofAGroup_leavesItsSingleEvents() {
    Webhook before =
        managing.editor().subscribeAll(EventGroup.CONTACT, EventGroup.ROOM).save();

    Webhook after = webhooks.edit(before).unsubscribeAll(EventGroup.CONTACT).save();

    assertThat(after.subscriptions()).containsExactly("contact.created", "room.*");
  }

  @Test
  void edit_ofAnOldVersion_isRefusedAndChangesNothing() {
    Webhook first = managing.created();
    Webhook second = webhooks.edit(first).name("ERP").save();

    assertThatThrownBy(() -> webhooks.edit(first).url("https://x.example.com/").save())
        .isInstanceOfSatisfying(StaleWebhookException.class, e -> {
          assertThat(e.reason().code()).isEqualTo("stale_webhook");
          assertThat(e.editedVersion()).isEqualTo(1);
          assertThat(e.storedVersion()).isEqualTo(2);
        })
        .hasMessageContaining("version 1")
        .hasMessageContaining("version 2")
        .hasMessageContaining("get the webhook again");

    assertThat(webhooks.get(first.id())).contains(second);
  }

  @Test
  void edit_ofADeletedWebhook_isRefused() {
    Webhook webhook = managing.created();
    WebhookEditor editor = webhooks.edit(webhook).name("ERP");
    webhooks.delete(webhook.id());

    assertThatThrownBy(editor::save).isInstanceOf(NotFoundException.class);

    assertThat(webhooks.get(webhook.id())).isEmpty();
  }

  @Test
  void regenerateSecret_always_replacesItAtOnce() {
    Webhook webhook = managing.editor().basicAuthentication("hunter2").save();
    SigningSecret old = webhooks.revealSecret(webhook.id());

    SigningSecret fresh = webhooks.regenerateSecret(webhook.id());

    assertThat(fresh).isNotEqualTo(old).isEqualTo(webhooks.revealSecret(webhook.id()));
    assertThat(stored(webhook).authentication()).isEqualTo("hunter2");
    assertThat(webhooks.get(webhook.id()).orElseThrow().version()).isEqualTo(2);
    assertThatThrownBy(() -> webhooks.edit(webhook).name("ERP").save())
        .isInstanceOf(StaleWebhookException.class);
  }

  @Test
  void pause_ofAnActiveWebhook_tellsWhyAndSince() {
    Webhook webhook = managing.created();
    managing.advance(Duration.ofMinutes(5));

    Webhook paused = webhooks.pause(webhook.id(), "maintenance");

    assertThat(paused.pause())
        .contains(new Pause(PauseCause.REQUESTED, "maintenance", managing.now()));
    assertThat(paused.version()).isEqualTo(2);
    assertThat(webhooks.get(webhook.id())).contains(paused);
  }

  @Test
  void pause_ofAPausedWebhook_keepsTheFirstPause() {
    Webhook first = webhooks.pause(managing.created().id(), "one");
    managing.changed.clear();
    managing.advance(Duration.ofMinutes(5));

    assertThat(webhooks.pause(first.id(), "two")).isEqualTo(first);
    assertThat(managing.changed).isEmpty();
  }

  @Test
  void pause_withoutAReason_hasAnEmptyOne() {
    assertThat(
            webhooks.pause(managing.created().id(), null).pause().orElseThrow().reason())
        .isEmpty();
  }

  @Test
  void pause_withABadReason_isRefused() {
    Webhook webhook = managing.created();

    for (String reason : new String[] {"x".repeat(501), "a\0b", "a\nb"}) {
      assertThatThrownBy(() -> webhooks.pause(webhook.id(), reason))
          .isInstanceOfSatisfying(
              InvalidWebhookException.class,
              e -> assertThat(e.faults()).containsOnlyKeys("reason"));
    }
    assertThat(webhooks.get(webhook.id())).contains(webhook);
  }

  @Test
  void resume_delivering_keepsWhatWasHeldWaiting() {
    Webhook webhook = managing.created();
    webhooks.pause(webhook.id(), "x");
    List<String> held = managing.publish(10);
    managing.advance(Duration.ofMinutes(5));

    Webhook resumed = webhooks.resume(webhook.id());

    assertThat(resumed.isPaused()).isFalse();
    assertThat(resumed.activeSince()).isEqualTo(managing.now());
    assertThat(resumed.version()).isEqualTo(3);
    assertThat(webhooks.get(webhook.id())).contains(resumed);
    assertThat(states(held)).containsExactly(DeliveryState.WAITING);
  }

  @Test
  void resume_discarding_endsWhatWasHeld() {
    Webhook webhook = managing.created();
    List<String> before = managing.publish(1);
    webhooks.pause(webhook.id(), "x");
    List<String> held = managing.publish(MANY);

    Webhook resumed = webhooks.discardAndResume(webhook.id());
    List<String> after = managing.publish(1);

    assertThat(resumed.isPaused()).isFalse();
    assertThat(states(before)).containsExactly(DeliveryState.DISCARDED);
    assertThat(states(held)).containsExactly(DeliveryState.DISCARDED);
    assertThat(states(after)).containsExactly(DeliveryState.WAITING);
  }

  @Test
  void resume_ofAnActiveWebhook_changesNothing() {
    Webhook webhook = managing.created();
    List<String> waiting = managing.publish(3);
    managing.changed.clear();

    assertThat(webhooks.resume(webhook.id())).isEqualTo(webhook);
    assertThat(webhooks.discardAndResume(webhook.id())).isEqualTo(webhook);

    assertThat(states(waiting)).containsExactly(DeliveryState.WAITING);
    assertThat(managing.changed).isEmpty();
  }

  @Test
  void delete_always_cancelsWhatWaitsAndKeepsTheLog() {
    Webhook webhook = managing.created();
    Webhook other = managing.created();
    List<String> waiting = managing.publish(MANY);
    managing.changed.clear();

    webhooks.delete(webhook.id());

    assertThat(webhooks.get(webhook.id())).isEmpty();
    assertThat(managing
            .storage
            .search(DeliveryQuery.builder().webhook(webhook.id()).limit(10).build())
            .deliveries())
        .hasSize(10)
        .allSatisfy(delivery -> assertThat(delivery.state()).isEqualTo(DeliveryState.CANCELLED));
    assertThat(managing
            .storage
            .search(DeliveryQuery.builder().webhook(other.id()).limit(10).build())
            .deliveries())
        .allSatisfy(delivery -> assertThat(delivery.state()).isEqualTo(DeliveryState.WAITING));
    assertThat(states(waiting))
        .containsExactlyInAnyOrder(DeliveryState.CANCELLED, DeliveryState.WAITING);
    assertThat(managing.changed).containsExactly(webhook.id());
    assertThatThrownBy(() -> webhooks.delete(webhook.id())).isInstanceOf(NotFoundException.class);
  }
}
