package cloud.klink.webhooks.sender.simulation;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.transport.OutgoingRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An attempt as the wire saw it. */
final class AttemptModel {
  final LeaseModel lease;
  final int number;
  final long sentAt;
  final Instant sentClock;

  /** When the endpoint acknowledged it, whatever became of the answer; -1 if it did not. */
  long acceptedAt = -1;

  @Nullable
  Instant reportedClock;

  boolean succeeded;

  /** Whether the node has tried to record it, and the storage could look at it. */
  boolean presented;

  int status;

  /** What came of it, once it is reported. */
  AttemptOutcome outcome = AttemptOutcome.INTERNAL;

  Duration retryAfter = Duration.ZERO;
  final String host;

  /** When it was sent and heard of, among all that is. */
  int sentOrder;

  int heardOrder;

  /** Whether its failure is the node's own. */
  boolean spared;

  /** What is sent, if it is sent on a WebSocket. */
  @Nullable
  OutgoingRequest request;

  /** The connection that its message went over. */
  @Nullable
  SocketModel socket;

  /** How often its message was sent: at most twice, each time over another connection. */
  int sends;

  /** How often a connection that it was on was ended by the endpoint, or on the way to it. */
  int ends;

  /** Whether a connection that it was on was closed because something was wrong. */
  boolean hasComplaint;

  /** Whether the node heard an ack of its message, on its connection, before it ended. */
  boolean ackHeard;

  /** Whether the node heard an answer of any kind. */
  boolean isAnswered;

  AttemptModel(LeaseModel lease, int number, long sentAt, Instant sentClock, String host) {
    this.lease = lease;
    this.number = number;
    this.sentAt = sentAt;
    this.sentClock = sentClock;
    this.host = host;
  }

  /** Whether its message waits for a connection. */
  boolean waits() {
    return socket == null || socket.isOver();
  }

  Instant ended() {
    return Objects.requireNonNull(reportedClock);
  }

  boolean isReported() {
    return reportedClock != null;
  }
}
