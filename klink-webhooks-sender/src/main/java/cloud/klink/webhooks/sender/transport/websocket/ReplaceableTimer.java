package cloud.klink.webhooks.sender.transport.websocket;

/**
 * The timer of a connection's state. Setting it replaces the previous task. It is used only in
 * tasks of the webhook's {@link SerialExecutor}, and runs its own task as one.
 */
final class ReplaceableTimer {
  private final WebSocketContext context;
  private TransportTimer.Timer timer = TransportTimer.Timer.NONE;
  private int number;

  ReplaceableTimer(WebSocketContext context) {
    this.context = context;
  }

  long now() {
    return context.timers().now();
  }

  void clear() {
    timer.cancel();
    number++;
  }

  void set(long delay, Runnable task) {
    clear();
    int expected = number;
    timer = context
        .timers()
        .later(
            delay,
            () -> context.post(() -> {
              if (expected == number) {
                task.run();
              }
            }));
  }
}
