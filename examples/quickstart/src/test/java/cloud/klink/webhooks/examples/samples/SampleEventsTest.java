package cloud.klink.webhooks.examples.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.event.CatalogueEntry;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventCatalogue;
import cloud.klink.webhooks.event.EventName;
import java.lang.Character.UnicodeScript;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SampleEventsTest {
  /** Letters that Vietnamese has and no other language written in Latin. */
  private static final Pattern VIETNAMESE =
      Pattern.compile("[ơưạảấầẩậắằẳặẹẻếềểễệỉịọỏốồổộớờởợụủứừửữựỳỵỷỹ]");

  private static final String CONTACT_FIELDS =
      "id name address channel company companyId contactEmails contactPhones contactNumber"
          + " contactProfile socialProfileUrl notes customFields tags platformContacts createdAt"
          + " updatedAt deletedAt";

  static List<EventName> names() {
    return EventCatalogue.klink().entries().stream().map(CatalogueEntry::name).toList();
  }

  @Test
  void samples_all_areThoseOfTheCatalogue() {
    assertThat(SampleEvents.all()).extracting(Event::name).isEqualTo(names());
  }

  @Test
  void samples_ids_areDistinct() {
    assertThat(SampleEvents.all())
        .extracting(event -> event.id().orElseThrow())
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("names")
  void sample_text_hasEveryScript(EventName name) {
    String text = SampleEvents.of(name).toBody().text();
    Set<UnicodeScript> scripts =
        text.codePoints().mapToObj(UnicodeScript::of).collect(Collectors.toSet());
    assertThat(scripts)
        .contains(UnicodeScript.KHMER, UnicodeScript.HAN, UnicodeScript.THAI, UnicodeScript.LATIN);
    assertThat(text).containsPattern(VIETNAMESE);
    assertThat(text.codePoints()).anyMatch(c -> c >= 0x1F300 && c <= 0x1FAFF);
  }

  @ParameterizedTest
  @MethodSource("names")
  void sample_publishedAgain_isWhatItsFileSays(EventName name) {
    CanonicalBody file = CanonicalBody.of(SampleEvents.json(name), Dialect.KLINK);
    assertThat(SampleEvents.of(name).toBody().text()).isEqualTo(file.text());
  }

  @Test
  void contacts_fields_areThoseThatKlinkDescribes() {
    for (EventName name : List.of(EventName.CONTACT_CREATED, EventName.CONTACT_UPDATED)) {
      String body = SampleEvents.of(name).toBody().text();
      assertThat(CONTACT_FIELDS.split(" "))
          .allSatisfy(field -> assertThat(body).contains("\"" + field + "\":"));
    }
  }

  @Test
  void sample_ofAnUnknownName_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SampleEvents.of(EventName.of("contact.merged")))
        .withMessage("event: there is no sample of \"contact.merged\"");
  }
}
