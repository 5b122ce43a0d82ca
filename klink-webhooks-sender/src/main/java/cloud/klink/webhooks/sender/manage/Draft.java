package cloud.klink.webhooks.sender.manage;

import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What somebody has entered so far; anything at all. */
final class Draft {
  @Nullable
  String name;

  @Nullable
  DeliveryMethod method = DeliveryMethod.WEBHOOK;

  @Nullable
  String url;

  HeaderDraft authentication = HeaderDraft.NONE;
  final Set<@Nullable String> selectors = new LinkedHashSet<>();

  /**
   * The authentication.
   *
   * @param name the header's name; null for none
   * @param value its value; null to keep the one that is stored
   */
  record HeaderDraft(
      boolean isBasic, @Nullable String name, @Nullable String value) {
    static final HeaderDraft NONE = new HeaderDraft(false, null, null);

    boolean isNone() {
      return name == null;
    }
  }

  List<@Nullable String> selectors() {
    return new ArrayList<>(selectors);
  }
}
