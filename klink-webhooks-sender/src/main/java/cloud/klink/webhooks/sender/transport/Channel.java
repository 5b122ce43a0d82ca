package cloud.klink.webhooks.sender.transport;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One webhook's connections: the one that messages go to, and those that were replaced and wait for
 * answers still. Safe for use by many threads; it ends when it has no link left.
 */
final class Channel {
  static final String CLOSED = "the sender was closed during the attempt";

  private final LinkContext context;
  private final List<Link> links = new ArrayList<>(1);
  private final Mailbox mailbox;

  /**
   * A channel without a connection.
   *
   * @param whenEnded told when it has ended
   */
  Channel(
      SocketOpener opener, SocketSettings settings, IdleLinks idle, Consumer<Channel> whenEnded) {
    this.mailbox = new Mailbox(links::isEmpty, () -> whenEnded.accept(this));
    this.context = new LinkContext(opener, settings, idle, mailbox);
  }

  /**
   * Takes an attempt over.
   *
   * @return false if this channel has ended, so that another must be begun
   */
  boolean send(SocketMessage message) {
    return mailbox.post(() -> accept(message));
  }

  /** Ends everything. */
  void close() {
    mailbox.post(() -> List.copyOf(links).forEach(Link::shut));
  }

  private void accept(SocketMessage message) {
    EndpointAddress address = EndpointAddress.of(message.request);
    Optional<String> fault = address.fault(context.policy());
    if (fault.isPresent()) {
      context.end(message, AttemptResult.failed(AttemptOutcome.NOT_ALLOWED, fault.get()));
      return;
    }
    for (Link link : List.copyOf(links)) {
      SocketMessage same = link.find(message.id());
      if (same != null && same.deadline - context.timers().now() > 0) {
        context.end(
            message,
            AttemptResult.failed(
                AttemptOutcome.INTERNAL, "the same delivery is being sent at this moment"));
        return;
      }
      if (same != null) {
        link.expire(same); // its timer is late
      }
    }
    link(address).accept(message);
  }

  /** The link of an address; whatever else messages went to so far is closed after its answers. */
  private Link link(EndpointAddress address) {
    for (Link link : List.copyOf(links)) {
      if (!link.isRetired()) {
        if (link.address().equals(address)) {
          return link;
        }
        link.retire();
      }
    }
    Link link = new Link(address, context, links::remove);
    links.add(link);
    return link;
  }
}
