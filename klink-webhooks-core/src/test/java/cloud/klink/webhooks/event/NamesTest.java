package cloud.klink.webhooks.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.MalformedReason;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Event names, groups, the catalogue and environments. */
class NamesTest {

  @ParameterizedTest
  @ValueSource(strings = {"contact.created", "a.b", "a.b.c", "a0_-.0_-", "contact.merged-twice"})
  void eventName_ofItsForm_mayBePublished(String value) {
    assertThat(EventName.of(value)).hasToString(value);
    assertThat(new EventName(value).isWellFormed()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "contact",
        "contact.",
        ".created",
        "contact..created",
        "Contact.created",
        "0a.b",
        "a b.c",
        "a.b\n",
        "a.ស",
        "-a.b",
        "_a.b"
      })
  void eventName_ofAnotherForm_mayBeReceivedButNotPublished(String value) {
    assertThat(new EventName(value).value()).isEqualTo(value);
    assertThat(new EventName(value).isWellFormed()).isFalse();
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> EventName.of(value))
        .withMessageStartingWith("event: ")
        .satisfies(e -> assertThat(e.reason().code()).isEqualTo("malformed_event"));
  }

  @Test
  void eventName_ofTheLongestLength_mayBePublishedAndOneMoreMayNot() {
    assertThat(new EventName("a." + "b".repeat(98)).isWellFormed()).isTrue();
    assertThat(new EventName("a." + "b".repeat(99)).isWellFormed()).isFalse();
  }

  @Test
  void eventNames_sorted_areInTheOrderOfTheirText() {
    assertThat(Stream.of("b.a", "a.b", "a.a").map(EventName::of).sorted().map(EventName::value))
        .containsExactly("a.a", "a.b", "b.a");
  }

  @Test
  void group_ofItsEvents_containsThem() {
    assertThat(EventGroup.CONTACT.contains(EventName.CONTACT_CREATED)).isTrue();
    assertThat(EventGroup.CONTACT.contains(new EventName("contact."))).isTrue();
    assertThat(EventGroup.CONTACT.contains(new EventName("contact.a.b"))).isTrue();
    assertThat(EventGroup.CONTACT.contains(new EventName("contact"))).isFalse();
    assertThat(EventGroup.CONTACT.contains(new EventName("contacts.created"))).isFalse();
    assertThat(EventGroup.CONTACT.contains(new EventName("Contact.created"))).isFalse();
    assertThat(EventGroup.CONTACT.contains(new EventName("my.contact.created"))).isFalse();
    assertThat(EventGroup.CONTACT.contains(new EventName(""))).isFalse();
    assertThat(EventGroup.CONTACT).hasToString("contact");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "contact.", "a.b"})
  void group_thatIsEmptyOrHasADot_isRefused(String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EventGroup(value))
        .withMessageStartingWith("event group: ");
  }

  @Test
  void catalogue_ofKlink_hasThreeGroups() {
    EventCatalogue catalogue = EventCatalogue.klink();
    assertThat(catalogue.entries())
        .extracting(entry -> entry.name().value())
        .containsExactly(
            "contact.created",
            "contact.updated",
            "message.inbound",
            "message.outbound",
            "message.comment",
            "room.solved");
    assertThat(catalogue.groups().keySet())
        .containsExactly(EventGroup.CONTACT, EventGroup.MESSAGE, EventGroup.ROOM);
    assertThat(catalogue.groups().get(EventGroup.MESSAGE)).hasSize(3);
    assertThat(catalogue.entries()).allSatisfy(entry -> {
      assertThat(entry.title()).isNotBlank();
      assertThat(entry.description()).endsWith(".");
      assertThat(entry.group().contains(entry.name())).isTrue();
      assertThat(catalogue.groups().get(entry.group())).contains(entry);
    });
  }

  /** The example of {@link EventCatalogue}'s Javadoc. */
  @Test
  void catalogue_withAnEntryOfItsUser_isANewOne() {
    EventCatalogue catalogue = EventCatalogue.klink()
        .with(new CatalogueEntry(
            EventName.of("contact.merged"), "Contacts Merged", "Two contacts became one."));

    assertThat(catalogue.entries()).hasSize(7);
    assertThat(catalogue.find(EventName.of("contact.merged")))
        .hasValueSatisfying(entry -> assertThat(entry.title()).isEqualTo("Contacts Merged"));
    assertThat(catalogue.groups().get(EventGroup.CONTACT)).hasSize(3);
    assertThat(EventCatalogue.klink().entries()).hasSize(6);
    assertThat(EventCatalogue.klink().find(EventName.of("contact.merged"))).isEmpty();
  }

  @Test
  void catalogue_withAnEntryThatItHas_hasTheNewTextInTheOldPlace() {
    CatalogueEntry entry = new CatalogueEntry(EventName.CONTACT_CREATED, "Added", "One was added.");
    List<CatalogueEntry> entries = EventCatalogue.klink().with(entry).entries();
    assertThat(entries).hasSize(6);
    assertThat(entries.get(0)).isEqualTo(entry);
  }

  @Test
  void catalogue_handedOut_cannotBeChanged() {
    EventCatalogue catalogue = EventCatalogue.klink();
    assertThat(catalogue.entries()).isUnmodifiable();
    assertThat(catalogue.groups()).isUnmodifiable();
    assertThat(catalogue.groups().get(EventGroup.ROOM)).isUnmodifiable();
  }

  @Test
  void catalogueEntry_thatIsNotFitForPublishing_isRefused() {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> new CatalogueEntry(new EventName("merged"), "Merged", "Two became one."));
    assertThatNullPointerException()
        .isThrownBy(() -> new CatalogueEntry(EventName.CONTACT_CREATED, null, ""));
    assertThatNullPointerException()
        .isThrownBy(() -> new CatalogueEntry(EventName.CONTACT_CREATED, "", null));
  }

  @Test
  void environment_ofItsId_isFound() {
    for (Environment environment : Environment.values()) {
      assertThat(Environment.ofId(environment.id())).isEqualTo(environment);
    }
    assertThat(Stream.of(Environment.values()).map(Environment::id))
        .containsExactly("development", "production");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Environment.ofId("PRODUCTION"))
        .withMessageContaining("development or production");
  }

  @Test
  void reasons_always_haveStableCodes() {
    assertThat(Stream.of(MalformedReason.values()).map(MalformedReason::code))
        .containsExactly(
            "malformed_method",
            "malformed_url",
            "malformed_body",
            "malformed_event",
            "malformed_message",
            "signature_length",
            "signature_not_hex",
            "signature_upper_case");
  }
}
