package cloud.klink.webhooks.examples.console.demo;

import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import java.util.LinkedHashMap;
import java.util.Map;

/** Data for an event of each name, as K-LINK's look. */
public final class SampleEvents {
  private static final String CONTACT = """
      {
        "id": "6f1c8a52-3f0e-4a0f-9a53-0d4b7a1f2c11",
        "name": "សុខ ចាន់ថា",
        "channel": "whatsapp",
        "contactEmails": [{"email": "chantha@example.com", "isPrimary": true}],
        "customFields": [],
        "notes": null
      }""";

  private static final String MESSAGE = """
      {
        "id": "m-1024",
        "roomId": "r-77",
        "text": "Xin chào, tôi cần giúp đỡ",
        "channel": "whatsapp"
      }""";

  private static final String ROOM = """
      {
        "id": "r-77",
        "solvedBy": "agent-5",
        "messages": 12
      }""";

  private static final String TEST = """
      {
        "message": "This is a test. Nothing has happened."
      }""";

  private static final Map<String, String> SAMPLES = samples();

  private SampleEvents() {}

  private static Map<String, String> samples() {
    Map<String, String> samples = new LinkedHashMap<>();
    samples.put(EventName.CONTACT_CREATED.value(), CONTACT);
    samples.put(EventName.CONTACT_UPDATED.value(), CONTACT);
    samples.put(EventName.MESSAGE_INBOUND.value(), MESSAGE);
    samples.put(EventName.MESSAGE_OUTBOUND.value(), MESSAGE);
    samples.put(EventName.MESSAGE_COMMENT.value(), MESSAGE);
    samples.put(EventName.ROOM_SOLVED.value(), ROOM);
    samples.put(WebhookSender.TEST_EVENT.value(), TEST);
    return samples;
  }

  /**
   * Sample data.
   *
   * @param eventName an event's name
   * @return a JSON object; an empty one for a name that there is no sample of
   */
  public static String data(String eventName) {
    return SAMPLES.getOrDefault(eventName, "{}");
  }
}
