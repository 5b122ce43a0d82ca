package cloud.klink.webhooks.sender.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.time.VirtualTimer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a webhook's connection is opened, tried again, replaced and closed, on virtual time. */
class WebSocketConnectionTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration IDLE = Duration.ofSeconds(60);
  private static final Duration AGE = Duration.ofMinutes(5);
  private static final AttemptResult REFUSED =
      AttemptResult.failed(AttemptOutcome.CONNECTION_REFUSED, "connection refused");

  private final VirtualTimer timer = new VirtualTimer();
  private final List<Fake> sockets = new ArrayList<>();
  private final List<Long> times = new ArrayList<>();
  private final SocketSettings settings = new SocketSettings(
      EndpointPolicy.publicHttps(), timer, timer::now, new SplittableRandom(1), IDLE, AGE, 10);
  private @Nullable RuntimeException bug;
  private final WebSocketTransport transport =
      new WebSocketTransport(new Opener(), settings, null, () -> {});
  private final Messages messages =
      new Messages(transport, "wss://example.com/hook").within(TIMEOUT);

  private final class Opener implements SocketOpener {
    @Override
    public OpenSocket open(EndpointAddress address, long deadline, SocketEvents events) {
      if (bug != null) {
        throw bug;
      }
      times.add(timer.now());
      Fake socket = new Fake(events);
      sockets.add(socket);
      return socket;
    }

    @Override
    public void close() {}
  }

  private static final class Fake implements OpenSocket {
    private final SocketEvents events;
    private final List<String> sent = new ArrayList<>();
    private String end = "";
    private Sent willing = Sent.ACCEPTED;

    Fake(SocketEvents events) {
      this.events = events;
    }

    @Override
    public Sent send(String text) {
      if (willing == Sent.ACCEPTED) {
        sent.add(WebSocketMessage.parse(text).id());
      }
      return willing;
    }

    void ack(String id) {
      events.received("{\"ack\":\"" + id + "\"}");
    }

    @Override
    public void close(int code, String reason) {
      end += code + reason;
    }

    @Override
    public void cancel() {
      end += "cancelled";
    }

    @Override
    public @Nullable InetSocketAddress connectedTo() {
      return null;
    }

    @Override
    public AttemptResult timedOut(Duration timeout) {
      return AttemptResult.failed(AttemptOutcome.UNREACHABLE, "timed out while connecting");
    }
  }

  private Fake socket(int index) {
    return sockets.get(index);
  }

  private Fake last() {
    return sockets.get(sockets.size() - 1);
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  @Test
  void attempts_whileConnecting_areSentInOrderOnceItIsOpen() {
    Messages.Pending first = messages.send("a");
    messages.send("b");
    assertThat(sockets).hasSize(1);
    assertThat(socket(0).sent).isEmpty();

    socket(0).events.opened();
    messages.send("c");

    assertThat(socket(0).sent).containsExactly("a", "b", "c");
    socket(0).ack("a");
    assertThat(first.result().succeeded()).isTrue();
  }

  @Test
  void connection_inPlaceOfOneThatWasSilentAndEnded_takesAllMessages() {
    Messages.Pending silent = messages.within(millis(100)).send("a");
    messages.send("b");
    socket(0).events.opened();
    timer.pass(millis(200));
    assertThat(silent.result().outcome()).isEqualTo(AttemptOutcome.TIMED_OUT);

    socket(0).events.failed(AttemptResult.failed(AttemptOutcome.BROKEN, "cut"));
    socket(1).events.opened();
    messages.send("c");
    messages.send("a");

    assertThat(sockets).hasSize(2);
    assertThat(socket(1).sent).containsExactly("b", "c", "a");
  }

  @Test
  void message_onAReplacedConnectionThatEnds_goesOverTheOneInItsPlace() {
    messages.within(millis(100)).send("silent");
    Messages.Pending lost = messages.send("lost");
    socket(0).events.opened();
    timer.pass(millis(200));
    messages.send("next");
    socket(1).events.opened();
    socket(1).ack("next");

    socket(0).events.failed(AttemptResult.failed(AttemptOutcome.BROKEN, "cut"));

    assertThat(sockets).hasSize(2);
    assertThat(socket(1).sent).containsExactly("next", "lost");
    socket(1).ack("lost");
    assertThat(lost.result().succeeded()).isTrue();
  }

  @Test
  void message_onAReplacedConnectionThatEnds_waitsForTheOneInItsPlace() {
    messages.within(millis(100)).send("silent");
    messages.send("lost");
    socket(0).events.opened();
    timer.pass(millis(200));
    bug = new IllegalStateException("a bug");
    assertThat(messages.send("other").result().outcome()).isEqualTo(AttemptOutcome.INTERNAL);
    bug = null;

    socket(0).events.failed(AttemptResult.failed(AttemptOutcome.BROKEN, "cut"));
    timer.pass(TIMEOUT.dividedBy(2));
    last().events.opened();
    messages.send("next");

    assertThat(sockets).hasSize(2);
    assertThat(socket(1).sent).containsExactly("lost", "next");
  }

  @Test
  void attempts_thatWaitForATry_shareItsResult() {
    List<Messages.Pending> all = List.of(messages.send("a"), messages.send("b"));

    socket(0).events.failed(REFUSED);

    assertThat(all).allSatisfy(one -> assertThat(one.result()).isEqualTo(REFUSED));
  }

  @Test
  void tries_thatFail_comeMoreAndMoreSeldomUpToFiveSeconds() {
    List<Long> gaps = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      messages.within(Duration.ofHours(1)).send("d" + i);
      timer.pass(Duration.ofSeconds(6));
      long failed = times.get(times.size() - 1);
      long before = timer.now();
      last().events.failed(REFUSED);
      messages.within(Duration.ofHours(1)).send("e" + i);
      timer.pass(Duration.ofSeconds(6));
      assertThat(times.get(times.size() - 1)).isGreaterThan(failed);
      gaps.add((times.get(times.size() - 1) - before) / 1_000_000);
      last().events.opened();
      last().events.closing(1011, "");
    }

    assertThat(gaps.get(0)).isBetween(80L, 100L);
    assertThat(gaps.get(1)).isBetween(320L, 400L);
    assertThat(gaps.get(11)).isBetween(4_000L, 5_000L);
    assertThat(gaps.subList(5, 12)).doesNotHaveDuplicates();
  }

  @Test
  void tries_afterAnAnswer_areSoonAgain() {
    for (int i = 0; i < 8; i++) {
      messages.send("a" + i);
      timer.pass(Duration.ofSeconds(5));
      last().events.failed(REFUSED);
    }
    messages.send("b");
    timer.pass(Duration.ofSeconds(5));
    last().events.opened();
    last().ack("b");
    messages.send("c");
    last().events.closing(1011, "");
    int before = sockets.size();

    messages.send("d");
    timer.pass(millis(100));

    assertThat(sockets).hasSize(before + 1);
  }

  @Test
  void attempt_withLittleTime_isTriedWithinAQuarterOfIt() {
    for (int i = 0; i < 10; i++) {
      messages.send("a" + i);
      timer.pass(Duration.ofSeconds(5));
      last().events.failed(REFUSED);
    }
    int before = sockets.size();

    Messages.Pending hasty = messages.within(millis(400)).send("b");
    timer.pass(millis(99));
    assertThat(sockets).hasSize(before);
    timer.pass(millis(1));

    assertThat(sockets).hasSize(before + 1);
    last().events.opened();
    last().ack("b");
    assertThat(hasty.result().succeeded()).isTrue();
  }

  @Test
  void try_thatTakesTooLong_isGivenUpAndThoseWhoCameLaterGetAnother() {
    Messages.Pending first = messages.send("a");
    timer.pass(Duration.ofSeconds(4));
    Messages.Pending second = messages.send("b");
    timer.pass(Duration.ofSeconds(6));

    assertThat(first.result().outcome()).isEqualTo(AttemptOutcome.UNREACHABLE);
    assertThat(second.isDone()).isFalse();
    assertThat(socket(0).end).isEqualTo("cancelled");
    timer.pass(millis(100));
    assertThat(sockets).hasSize(2);
    socket(0).events.opened();
    assertThat(socket(0).sent).isEmpty();
    socket(1).events.opened();
    socket(1).ack("b");
    assertThat(second.result().succeeded()).isTrue();
  }

  @Test
  void try_thatNobodyWaitsForAnyMore_isGivenUp() {
    messages.send("a");
    timer.pass(TIMEOUT);

    assertThat(socket(0).end).isEqualTo("cancelled");
  }

  @Test
  void opening_thatThrows_failsTheAttempts() {
    bug = new IllegalStateException("on purpose");

    AttemptResult result = messages.send("a").result();

    assertThat(result.outcome()).isEqualTo(AttemptOutcome.INTERNAL);
    assertThat(result.error()).isEqualTo("failed by IllegalStateException");
    bug = null;
    messages.send("b");
    timer.pass(millis(100));
    last().events.opened();
    assertThat(last().sent).containsExactly("b");
  }

  @Test
  void connection_thatBreaksWhileIdle_isNoFailure() {
    open();
    socket(0).events.failed(REFUSED);

    messages.send("b");

    assertThat(sockets).hasSize(2);
  }

  private void open() {
    messages.send("a");
    last().events.opened();
    last().ack("a");
  }

  @Test
  void connection_closedGracefullyWhileIdle_isNoFailureButOtherwiseItIs() {
    open();
    for (int code : new int[] {1000, 1001, 1012, 1013}) {
      int before = sockets.size();
      last().events.closing(code, "");
      assertThat(last().end).isEqualTo("1000");
      messages.send("b" + code);
      assertThat(sockets).hasSize(before + 1);
      last().events.opened();
      last().ack("b" + code);
    }

    last().events.closing(1011, "");
    int before = sockets.size();
    messages.send("c");
    assertThat(sockets).hasSize(before);
    timer.pass(millis(100));
    assertThat(sockets).hasSize(before + 1);
  }

  @Test
  void connection_idle_isClosedAndForgotten() {
    open();
    timer.pass(IDLE.minusNanos(1));
    assertThat(socket(0).end).isEmpty();
    messages.send("b");
    timer.pass(Duration.ofSeconds(5));
    socket(0).ack("b");
    timer.pass(IDLE.minusNanos(1));
    assertThat(socket(0).end).isEmpty();

    timer.pass(Duration.ofNanos(1));

    assertThat(socket(0).end).isEqualTo("1000");
    assertThat(transport.connectedWebhooks()).isZero();
    assertThat(timer.waiting()).isZero();
  }

  @Test
  void failures_ofAnIdleWebhook_areForgotten() {
    messages.send("a");
    socket(0).events.failed(REFUSED);
    assertThat(transport.connectedWebhooks()).isEqualTo(1);

    timer.pass(IDLE.plusSeconds(5));

    assertThat(transport.connectedWebhooks()).isZero();
    assertThat(timer.waiting()).isZero();
  }

  @Test
  void answer_thatIsLate_meetsNoOtherAttemptAtItsDelivery() {
    messages.send("a");
    socket(0).events.opened();
    messages.send("other");
    timer.pass(Duration.ofSeconds(10));
    Messages.Pending again = messages.send("a");
    last().events.opened();

    socket(0).ack("a");

    assertThat(again.isDone()).isFalse();
    assertThat(sockets).hasSize(2);
    socket(1).ack("a");
    assertThat(again.result().succeeded()).isTrue();
  }

  @Test
  void connection_withASilentMessage_isClosedAfterItsOtherAnswers() {
    messages.within(Duration.ofSeconds(5)).send("silent");
    Messages.Pending other = messages.send("other");
    socket(0).events.opened();
    timer.pass(Duration.ofSeconds(5));
    assertThat(socket(0).end).isEmpty();
    messages.send("next");
    assertThat(sockets).hasSize(2);

    socket(0).ack("other");

    assertThat(other.result().succeeded()).isTrue();
    assertThat(socket(0).end).isEqualTo("1000");
  }

  @Test
  void delivery_sentAgainWhileItIsBeingSent_waitsForTheFirst() {
    Messages.Pending first = messages.send("a");
    socket(0).events.opened();
    Messages.Pending second = messages.send("a");
    Messages.Pending third = messages.within(Duration.ofSeconds(1)).send("a");
    assertThat(socket(0).sent).containsExactly("a");

    timer.pass(Duration.ofSeconds(2));
    assertThat(third.result().outcome()).isEqualTo(AttemptOutcome.TIMED_OUT);
    socket(0).ack("a");

    assertThat(first.result().succeeded()).isTrue();
    assertThat(second.isDone()).isFalse();
    assertThat(socket(0).sent).containsExactly("a");
    socket(1).events.opened();
    assertThat(socket(1).sent).containsExactly("a");
    socket(1).events.received("{\"nack\":\"a\",\"reason\":\"no\"}");
    assertThat(second.result().error()).isEqualTo("no");
  }

  @Test
  void socket_thatTakesNoMore_failsTheAttemptAlone() {
    Messages.Pending first = messages.send("a");
    socket(0).events.opened();
    socket(0).willing = OpenSocket.Sent.QUEUE_FULL;

    AttemptResult result = messages.send("b").result();

    assertThat(result.outcome()).isEqualTo(AttemptOutcome.BROKEN);
    socket(0).ack("a");
    assertThat(first.result().succeeded()).isTrue();
  }

  @Test
  void socket_thatHasEndedButNotYetToldSo_leavesTheAttemptForTheNext() {
    Messages.Pending first = messages.send("a");
    socket(0).events.opened();
    socket(0).willing = OpenSocket.Sent.ENDED;
    Messages.Pending second = messages.send("b");
    assertThat(second.isDone()).isFalse();

    socket(0).events.closing(1001, "going");
    socket(1).events.opened();

    assertThat(socket(1).sent).containsExactly("a", "b");
    socket(1).ack("a");
    socket(1).ack("b");
    assertThat(first.result()).isEqualTo(AttemptResult.acknowledged().afterSendingAgain());
    assertThat(second.result().succeeded()).isTrue();
  }

  @Test
  void events_ofAConnectionThatIsNoMore_areIgnored() {
    messages.send("a");
    socket(0).events.opened();
    socket(0).events.closing(1011, "");
    Messages.Pending second = messages.send("a");
    timer.pass(millis(100));
    socket(1).events.opened();

    socket(0).ack("a");
    socket(0).events.failed(REFUSED);
    socket(0).events.closing(1000, "");
    socket(0).events.violated(1002, "");
    socket(0).events.opened();

    assertThat(second.isDone()).isFalse();
    assertThat(socket(1).end).isEmpty();
  }

  // --- ends that are no failures

  private static final AttemptResult CUT =
      AttemptResult.failed(AttemptOutcome.BROKEN, "connection reset by the endpoint");

  @Test
  void messages_onAConnectionThatIsCut_goFirstAndInOrderOverTheNextAtOnce() {
    List<Messages.Pending> all = List.of(messages.send("a"), messages.send("b"));
    socket(0).events.opened();
    socket(0).events.failed(CUT);
    messages.send("c");
    assertThat(sockets).hasSize(2);

    socket(1).events.opened();

    assertThat(socket(1).sent).containsExactly("a", "b", "c");
    socket(1).ack("a");
    socket(1).events.received("{\"nack\":\"b\",\"reason\":\"no\"}");
    assertThat(all.get(0).result()).isEqualTo(AttemptResult.acknowledged().afterSendingAgain());
    assertThat(all.get(1).result().error()).isEqualTo("no");
    assertThat(all.get(1).result().sentAgain()).isTrue();
  }

  @Test
  void message_onTwoConnectionsThatEnd_hasFailedAndTheNextTryWaits() {
    Messages.Pending first = messages.send("a");
    socket(0).events.opened();
    socket(0).events.closing(1001, "");
    socket(1).events.opened();
    Messages.Pending second = messages.send("b");
    socket(1).events.failed(CUT);

    assertThat(first.result().error())
        .isEqualTo("connection reset by the endpoint;"
            + " before that: the endpoint closed the connection with 1001");
    assertThat(first.result().sentAgain()).isTrue();
    assertThat(second.isDone()).isFalse();
    assertThat(sockets).hasSize(2);
    timer.pass(millis(100));
    socket(2).events.opened();
    assertThat(socket(2).sent).containsExactly("b");
  }

  @Test
  void endpoint_thatRestarts_isTriedAgainUntilTheDeadlines() {
    Messages.Pending lost = messages.send("a");
    socket(0).events.opened();
    socket(0).events.closing(1012, "");
    refuse();
    Messages.Pending fresh = messages.send("b");
    for (int i = 0; i < 90; i++) {
      timer.pass(millis(100));
      refuse();
    }
    assertThat(lost.isDone() || fresh.isDone()).isFalse();
    assertThat(sockets).hasSizeBetween(10, 30);

    timer.pass(millis(500));
    last().events.opened();

    last().ack("a");
    last().ack("b");
    assertThat(lost.result()).isEqualTo(AttemptResult.acknowledged().afterSendingAgain());
    assertThat(fresh.result()).isEqualTo(AttemptResult.acknowledged());
  }

  /** Refuses the try that is being made, if one is. */
  private void refuse() {
    last().events.failed(REFUSED);
  }

  @Test
  void endpoint_thatDoesNotComeBack_failsWhatWaitedByItsOwnTries() {
    Messages.Pending lost = messages.send("a");
    socket(0).events.opened();
    socket(0).events.failed(CUT);
    refuse();
    Messages.Pending fresh = messages.within(Duration.ofSeconds(15)).send("b");
    for (int i = 0; i < 150; i++) {
      timer.pass(millis(100));
      refuse();
    }

    assertThat(lost.result().outcome()).isEqualTo(AttemptOutcome.CONNECTION_REFUSED);
    assertThat(lost.result().error())
        .isEqualTo("connection refused; before that: connection reset by the endpoint");
    assertThat(lost.result().sentAgain()).isFalse();
    assertThat(fresh.result()).isEqualTo(REFUSED);
    Messages.Pending late = messages.send("c");
    timer.pass(Duration.ofSeconds(5));
    refuse();
    assertThat(late.result()).isEqualTo(REFUSED);
  }

  @Test
  void endpoint_thatAnswersWhileItRestarts_isWaitedForOnlyIfThatMayPass() {
    AttemptResult unavailable = AttemptResult.answered(503, new byte[0]);
    AttemptResult expired = AttemptResult.failed(AttemptOutcome.TLS_FAILED, "expired");
    for (AttemptResult lasting : List.of(
        AttemptResult.answered(401, new byte[0]),
        unavailable.withRetryAfter(Duration.ofSeconds(9)),
        expired,
        AttemptResult.failed(AttemptOutcome.NOT_ALLOWED, "private"))) {
      String id = "a" + sockets.size();
      Messages.Pending lost = messages.send(id);
      timer.pass(Duration.ofSeconds(3));
      last().events.opened();
      last().events.failed(CUT);
      last().events.failed(unavailable);
      assertThat(lost.isDone()).isFalse();
      timer.pass(Duration.ofSeconds(2));

      last().events.failed(lasting);

      assertThat(lost.result())
          .isEqualTo(
              lasting.equals(expired)
                  ? AttemptResult.failed(
                      expired.outcome(), expired.error() + "; before that: " + CUT.error())
                  : lasting);
      timer.pass(Duration.ofSeconds(5));
    }
  }

  @Test
  void attempt_whoseTimeEndsBeforeATryOfItsOwn_tellsNoFailureOfAnother() {
    messages.send("a");
    socket(0).events.failed(REFUSED);
    Messages.Pending hasty = messages.within(Duration.ofNanos(1)).send("b");

    timer.pass(Duration.ofNanos(1));
    timer.pass(millis(1));

    assertThat(hasty.result().outcome()).isEqualTo(AttemptOutcome.UNREACHABLE);
  }

  // --- one connection, each delivery once

  @Test
  void delivery_thatWasOnAConnection_goesOverAnotherTheNextTime() {
    messages.send("a");
    Messages.Pending other = messages.send("other");
    socket(0).events.opened();
    socket(0).events.received("{\"nack\":\"a\"}");
    messages.send("b");
    assertThat(sockets).hasSize(1);

    Messages.Pending again = messages.send("a");
    socket(1).events.opened();

    assertThat(socket(1).sent).containsExactly("a");
    socket(0).events.received("{\"nack\":\"a\"}");
    assertThat(again.isDone()).isFalse();
    socket(0).ack("other");
    assertThat(other.result().succeeded()).isTrue();
    assertThat(socket(0).end).isEmpty();
    socket(0).ack("b");
    assertThat(socket(0).end).isEqualTo("1000");
    socket(1).ack("a");
    assertThat(again.result()).isEqualTo(AttemptResult.acknowledged());
  }

  @Test
  void connection_afterManyMessages_isReplaced() {
    open();
    for (int i = 1; i < SentIds.MAX; i++) {
      messages.send("d" + i);
      last().ack("d" + i);
    }
    assertThat(sockets).hasSizeLessThan(5); // an id is taken for another now and then
    Fake full = last();

    messages.send("b");

    assertThat(full.end).isEqualTo("1000");
  }

  // --- the greatest age

  @Test
  void connection_ofTheGreatestAge_endsAfterItsAnswersAndTakesNothingNew() {
    open();
    timer.pass(IDLE.minusSeconds(1));
    for (int i = 0; timer.now() < AGE.minusSeconds(5).toNanos(); i++) {
      messages.send("d" + i);
      last().ack("d" + i);
      timer.pass(Duration.ofSeconds(1));
    }
    assertThat(sockets).hasSize(1);
    Messages.Pending slow = messages.send("slow");
    timer.pass(Duration.ofSeconds(6));
    assertThat(socket(0).end).isEmpty();

    messages.send("next");

    assertThat(sockets).hasSize(2);
    assertThat(socket(0).sent).doesNotContain("next");
    socket(0).ack("slow");
    assertThat(slow.result().succeeded()).isTrue();
    assertThat(socket(0).end).isEqualTo("1000");
  }

  @Test
  void connection_idleAtTheGreatestAge_isClosedThen() {
    messages.send("a");
    timer.pass(Duration.ofSeconds(2));
    last().events.opened();
    last().ack("a");
    for (int i = 0; i < 295; i += 5) {
      timer.pass(Duration.ofSeconds(5));
      messages.send("d" + i);
      last().ack("d" + i);
    }
    timer.pass(Duration.ofSeconds(5).minusNanos(1));
    assertThat(socket(0).end).isEmpty();

    timer.pass(Duration.ofNanos(1));

    assertThat(socket(0).end).isEqualTo("1000");
    assertThat(transport.connectedWebhooks()).isZero();
  }

  @Test
  void close_inEveryState_tellsEveryAttempt() {
    Messages.Pending connecting = messages.send("whk_1", "a");
    Messages.Pending open = messages.send("whk_2", "b");
    socket(1).events.opened();
    messages.send("whk_3", "c");
    socket(2).events.failed(REFUSED);
    Messages.Pending backingOff = messages.send("whk_3", "d");
    Messages.Pending held = messages.send("whk_2", "b");

    transport.close();

    assertThat(List.of(connecting, open, backingOff, held, messages.send("e")))
        .allSatisfy(one -> assertThat(one.result().outcome()).isEqualTo(AttemptOutcome.INTERNAL));
    assertThat(socket(0).end).isEqualTo("cancelled");
    assertThat(socket(1).end).isEqualTo("1001");
    assertThat(transport.connectedWebhooks()).isZero();
    assertThat(timer.waiting()).isZero();
  }
}
