package cloud.klink.webhooks.sender.transport.net;

import cloud.klink.webhooks.sender.internal.url.EndpointUrl;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import java.util.ArrayList;
import java.util.List;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** A URL after its check: parsed, or with the reason why it must not be used. */
public record CheckedUrl(@Nullable HttpUrl url, String fault) {
  public static CheckedUrl of(String url, EndpointPolicy policy) {
    List<String> faults = new ArrayList<>(EndpointUrl.faults(url));
    if (faults.isEmpty()) {
      faults.addAll(policy.faults(url));
    }
    HttpUrl parsed = HttpUrl.parse(url);
    if (faults.isEmpty() && parsed == null) {
      faults.add("its scheme must be http or https");
    }
    return faults.isEmpty()
        ? new CheckedUrl(parsed, "")
        : new CheckedUrl(null, "endpoint not allowed: " + String.join("; ", faults));
  }
}
