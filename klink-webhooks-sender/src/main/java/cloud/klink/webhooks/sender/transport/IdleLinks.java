package cloud.klink.webhooks.sender.transport;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The open connections of all webhooks that no message is on, the longest idle one first. */
final class IdleLinks {
  private final int max;
  private final Set<Link> links = new LinkedHashSet<>();

  IdleLinks(int max) {
    this.max = max;
  }

  /**
   * One has become idle.
   *
   * @return the one that must be closed, if it is one too many; null if it is not
   */
  synchronized @Nullable Link add(Link link) {
    links.add(link);
    if (links.size() <= max) {
      return null;
    }
    Iterator<Link> iterator = links.iterator();
    Link eldest = iterator.next();
    iterator.remove();
    return eldest;
  }

  synchronized void remove(Link link) {
    links.remove(link);
  }
}
