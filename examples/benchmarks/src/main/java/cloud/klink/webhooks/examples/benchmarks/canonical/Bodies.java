package cloud.klink.webhooks.examples.benchmarks.canonical;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Events as K-LINK sends them, of about a given size, the same in every run. */
public final class Bodies {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ObjectMapper MAPPER = JsonMapper.builder()
      .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
      .build();

  private static final List<String> NAMES = List.of(
      "Sok Dara",
      "សុខ ដារ៉ា",
      "Nguyễn Thị Hương",
      "陈美玲",
      "John O'Brien",
      "สมชาย ใจดี",
      "Maria Santos");
  private static final List<String> TEXTS = List.of(
      "Hello, I ordered two boxes on Monday and they have not arrived yet. Could you check? 🙏",
      "អរគុណ! ខ្ញុំបានទទួលទំនិញហើយ 😀",
      "Cảm ơn bạn, tôi đã nhận được hàng.\nChúc một ngày tốt lành!",
      "你好，请问今天可以送货吗？",
      "Please call me back at +855 12 345 678 after 5 pm.",
      "The invoice says \"net 30\", but we agreed on 45 days.");

  private final Random random;

  private Bodies(long seed) {
    this.random = new Random(seed);
  }

  /**
   * An event with sorted members and no white space.
   *
   * @param size about how many bytes
   * @return the bytes
   */
  public static byte[] sorted(int size) {
    return print(new Bodies(size).event(size), null);
  }

  /** The same with the members of each object in random order. */
  static byte[] shuffled(int size) {
    return print(new Bodies(size).event(size), new Random(size));
  }

  /** The sorted one with line breaks and two spaces for each level, as JSON.stringify prints it. */
  static byte[] pretty(int size) {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter(Separators.createDefaultInstance()
        .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
        .withArrayEmptySeparator("")
        .withObjectEmptySeparator(""));
    printer.indentArraysWith(indenter);
    printer.indentObjectsWith(indenter);
    try {
      return MAPPER
          .writer(printer)
          .writeValueAsString(MAPPER.readTree(sorted(size)))
          .getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private ObjectNode event(int size) {
    ObjectNode event = NODES.objectNode();
    event.put("event", "contact.updated");
    event.put("id", "evt_01JH8Z0V5X3QK2N7M4T6R9WBYC");
    event.put("timestamp", "2026-01-09T03:42:38.000000Z");
    ObjectNode data = event.putObject("data");
    if (size < 1_000) {
      message(data);
      return event;
    }
    contact(data);
    ArrayNode messages = data.putArray("messages");
    while (bytes(event) < size - 300) {
      message(messages.addObject());
    }
    return event;
  }

  private void contact(ObjectNode data) {
    data.put("id", uuid()).put("name", pick(NAMES)).put("channel", "whatsapp");
    data.put("address", "No.123, Street 271, Sangkat Boeung Tumpun, Phnom Penh");
    data.putNull("company").putNull("companyId").put("contactNumber", 1000 + random.nextInt(9000));
    data.putNull("contactProfile").putNull("socialProfileUrl").put("notes", sentences());
    ObjectNode email = data.putArray("contactEmails").addObject();
    email.put("id", uuid()).put("email", "dara@example.com").put("isPrimary", true);
    times(email);
    ObjectNode phone = data.putArray("contactPhones").addObject();
    phone.put("id", uuid()).put("phone", "+85512345678").put("isPrimary", true);
    times(phone);
    ObjectNode tag = data.putArray("tags").addObject();
    tag.put("id", uuid()).put("name", "VIP").put("position", 1);
    times(tag);
    data.putArray("customFields");
    data.putArray("platformContacts");
    times(data);
  }

  private void message(ObjectNode message) {
    message.put("id", uuid()).put("roomId", uuid()).put("sender", pick(NAMES));
    message.put("type", "text").put("text", sentences()).put("isRead", random.nextBoolean());
    message.put("sequence", random.nextInt(100_000)).putNull("replyTo");
    message.put("createdAt", "2026-01-09T03:42:38.000000Z");
  }

  private static void times(ObjectNode node) {
    node.put("createdAt", "2026-01-09T03:42:38.000000Z");
    node.put("updatedAt", "2026-01-09T03:42:38.000000Z").putNull("deletedAt");
  }

  /** What people write in one message: one to three sentences. */
  private String sentences() {
    StringBuilder text = new StringBuilder(pick(TEXTS));
    for (int more = random.nextInt(3); more > 0; more--) {
      text.append(' ').append(pick(TEXTS));
    }
    return text.toString();
  }

  private String pick(List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }

  private String uuid() {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  private static int bytes(JsonNode node) {
    return print(node, null).length;
  }

  /** Prints with members sorted, or shuffled by a source of randomness. */
  private static byte[] print(JsonNode node, @Nullable Random shuffle) {
    try {
      return MAPPER.writeValueAsString(ordered(node, shuffle)).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode ordered(JsonNode node, @Nullable Random shuffle) {
    if (node instanceof ArrayNode array) {
      ArrayNode copy = NODES.arrayNode();
      array.forEach(element -> copy.add(ordered(element, shuffle)));
      return copy;
    }
    if (node instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      names = new ArrayList<>(new TreeSet<>(names));
      if (shuffle != null) {
        Collections.shuffle(names, shuffle);
      }
      ObjectNode copy = NODES.objectNode();
      names.forEach(name -> copy.set(name, ordered(object.get(name), shuffle)));
      return copy;
    }
    return node;
  }
}
