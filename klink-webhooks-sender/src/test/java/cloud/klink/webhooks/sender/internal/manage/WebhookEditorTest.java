package cloud.klink.webhooks.sender.internal.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventGroup;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.InvalidWebhookException;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.sender.webhook.WebhookEditor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be entered, and what may not. */
class WebhookEditorTest {
  private static final String SECRET = "hunter2";

  private final Managing managing = new Managing();

  private static Map<String, List<String>> faults(WebhookEditor editor) {
    InvalidWebhookException refused =
        catchThrowableOfType(InvalidWebhookException.class, editor::save);
    assertThat(refused).as("refused").isNotNull();
    assertThat(refused.reason().code()).isEqualTo("invalid_webhook");
    refused
        .faults()
        .forEach((field, rules) ->
            rules.forEach(rule -> assertThat(refused).hasMessageContaining(field + ": " + rule)));
    assertThat(refused.getMessage()).doesNotContain(SECRET);
    return refused.faults();
  }

  private static void assertFault(WebhookEditor editor, String field) {
    assertThat(faults(editor)).containsOnlyKeys(field);
  }

  @Test
  void save_ofNothing_tellsAllThatIsMissing() {
    assertThat(faults(managing.webhooks.create(Environment.PRODUCTION)))
        .containsOnlyKeys("name", "url", "subscriptions");
    assertThat(managing.webhooks.list(Environment.PRODUCTION)).isEmpty();
    assertThat(managing.changed).isEmpty();
  }

  @Test
  void save_ofGarbage_tellsAllAtOnce() {
    WebhookEditor editor = managing
        .webhooks
        .create(Environment.PRODUCTION)
        .name("\0")
        .url("http://user:hunter2@localhost/")
        .method(null)
        .headerAuthentication("Content Length", "hunter2\r\nX: y")
        .subscribe((EventName) null)
        .subscribeAll((EventGroup) null)
        .subscriptions(Arrays.asList("contact.created", null, "Contact.*", "*", "contact.*.x"));

    Map<String, List<String>> faults = faults(editor);
    assertThat(faults.keySet())
        .containsExactly(
            "name",
            "url",
            "method",
            "authentication.name",
            "authentication.value",
            "subscriptions");
    assertThat(faults.get("url")).hasSize(3);
    assertThat(faults.get("subscriptions")).hasSize(4);
  }

  @Test
  void save_afterAFault_canBeMendedAndRepeated() {
    WebhookEditor editor = managing.editor().name("");
    assertFault(editor, "name");

    assertThat(editor.name("CRM").save().name()).isEqualTo("CRM");
  }

  @Test
  void save_ofABadEdit_changesNothing() {
    Webhook webhook = managing.created();

    assertFault(
        managing.webhooks.edit(webhook).name("ERP").subscriptions(List.of()), "subscriptions");

    assertThat(managing.webhooks.get(webhook.id())).contains(webhook);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "\t", " CRM", "CRM ", "a\nb", "a\0b", "a\u007fb", "a\u2028b", "a\u0085b"})
  void save_ofABadName_isRefused(String name) {
    assertFault(managing.editor().name(name), "name");
  }

  @Test
  void save_ofHalfASurrogatePair_isRefused() {
    assertFault(managing.editor().name("a\ud83d"), "name");
  }

  @Test
  void save_ofALongName_countsCharacters() {
    assertThat(managing.editor().name("😀".repeat(100)).save().name()).hasSize(200);
    assertFault(managing.editor().name("x".repeat(101)), "name");
    assertFault(managing.editor().name(null), "name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hooks.example.com",
        "ftp://hooks.example.com/",
        "http://hooks.example.com/",
        "https://user:hunter2@hooks.example.com/",
        "https://hooks.example.com/#hunter2",
        "https://hooks.example.com/a b",
        "https://hooks.example.com/hunter2/../b",
        "https://hooks.example.com/?q='hunter2'",
        "https://hooks.example.com/%",
        "https://hooks.example.com:0/",
        "https://hooks.example.com:65536/",
        "https://hooks.example.com./",
        "https://ខ្មែរ.example.com/",
        "https://localhost/",
        "https://a.localhost/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest/",
        "wss://hooks.example.com/"
      })
  void save_ofABadUrl_isRefused(String url) {
    assertFault(managing.editor().url(url), "url");
  }

  @Test
  void save_ofALongUrl_isRefusedBeyondItsLimit() {
    String start = "https://hooks.example.com/";

    String longest = start + "x".repeat(2_000 - start.length());
    assertThat(managing.editor().url(longest).save().url()).isEqualTo(longest);
    assertFault(managing.editor().url(longest + "x"), "url");
    assertFault(managing.editor().url(null), "url");
  }

  @Test
  void save_ofAMethodAndAUrlThatDisagree_isRefused() {
    assertFault(managing.editor().method(DeliveryMethod.WEBSOCKET), "url");
    assertFault(managing.editor().url("wss://hooks.example.com/"), "url");
    assertThat(managing
            .editor()
            .method(DeliveryMethod.WEBSOCKET)
            .url("wss://hooks.example.com/")
            .save()
            .method())
        .isEqualTo(DeliveryMethod.WEBSOCKET);
  }

  @Test
  void save_ofAMethodWithoutATransport_isRefused() {
    Managing httpOnly = new Managing(new InMemoryStorage(), Set.of(DeliveryMethod.WEBHOOK));

    assertThat(faults(
            httpOnly.editor().method(DeliveryMethod.WEBSOCKET).url("wss://hooks.example.com/")))
        .isEqualTo(
            Map.of("method", List.of("this sender has no transport for websocket; use webhook")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "X Key",
        "X-Key:",
        "X-Këy",
        "X-Key\r\n",
        "Host",
        "host",
        "Content-Length",
        "Content-Type",
        "Transfer-Encoding",
        "Connection",
        "TE",
        "Trailer",
        "Upgrade",
        "Expect",
        "Keep-Alive",
        "Proxy-Authorization",
        "proxy-connection",
        "X-Signature",
        "x-signature",
        "X-Klink-Event",
        "X-KLINK-Anything",
        "Accept-Encoding",
        "Sec-WebSocket-Key"
      })
  void save_ofABadHeaderName_isRefused(String name) {
    assertFault(managing.editor().headerAuthentication(name, SECRET), "authentication.name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization", "X-Api-Key", "x", "!#$%&'*+-.^_`|~09azAZ", "Cookie"})
  void save_ofAGoodHeaderName_isStored(String name) {
    assertThat(managing.editor().headerAuthentication(name, SECRET).save().authenticationHeader())
        .contains(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " hunter2",
        "hunter2 ",
        "\thunter2",
        "hunter2\r\nX-Signature: 0",
        "hunter2\n",
        "hunter2\0",
        "hunter2é",
        "hunter2\u007f",
        "hunter2\ud83d"
      })
  void save_ofABadHeaderValue_isRefused(String value) {
    assertFault(managing.editor().basicAuthentication(value), "authentication.value");
    assertFault(managing.editor().headerAuthentication("X-Key", value), "authentication.value");
  }

  @Test
  void save_ofALongHeaderValue_isRefusedBeyondItsLimit() {
    assertThat(managing.editor().basicAuthentication("x".repeat(4_096)).save().version())
        .isEqualTo(1);
    assertFault(managing.editor().basicAuthentication("x".repeat(4_097)), "authentication.value");
    assertFault(managing.editor().basicAuthentication(null), "authentication.value");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        ".*",
        "contact",
        "contact.",
        ".created",
        "Contact.created",
        "contact..created",
        "contact.*.*",
        "contact.created.*",
        "contact.**",
        "contact created",
        "contact.créé"
      })
  void save_ofABadSubscription_isRefused(String selector) {
    assertFault(
        managing.editor().subscriptions(List.of("contact.created", selector)), "subscriptions");
  }

  @Test
  void save_ofManySubscriptions_isRefusedBeyondTheirLimit() {
    List<String> most =
        new ArrayList<>(IntStream.range(0, 200).mapToObj(i -> "contact.e" + i).toList());
    assertThat(managing.editor().subscriptions(most).save().subscriptions()).hasSize(200);

    most.add("contact.created");
    assertThat(faults(managing.editor().subscriptions(most)))
        .isEqualTo(Map.of("subscriptions", List.of("there must be at most 200")));
    assertFault(managing.editor().subscriptions(null), "subscriptions");
  }

  @Test
  void save_ofASubscriptionTwice_keepsOne() {
    assertThat(managing
            .editor()
            .subscribe(EventName.CONTACT_CREATED, EventName.CONTACT_CREATED)
            .save()
            .subscriptions())
        .hasSize(1);
  }

  @Test
  void save_ofAnEditThatTouchesNothing_storesNothing() {
    Webhook webhook = managing.editor().basicAuthentication(SECRET).save();
    managing.changed.clear();

    assertThat(managing.webhooks.edit(webhook).save()).isEqualTo(webhook);
    assertThat(managing.webhooks.edit(webhook).basicAuthentication(SECRET).save())
        .isEqualTo(webhook);
    assertThat(managing.changed).isEmpty();
  }

  @Test
  void delete_ofNoWebhook_namesWhatIsMissing() {
    assertThatThrownBy(() -> managing.webhooks.delete("whk_x")).hasMessageContaining("webhook:");
  }
}
