package cloud.klink.webhooks.sender.transport.websocket;

/**
 * The one timer that a link's state has, instead of what it was set to before. Used in tasks of the
 * webhook's {@link SerialExecutor} only, and rings in one.
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
    int mine = number;
    timer = context
        .timers()
        .later(
            delay,
            () -> context.post(() -> {
              if (mine == number) {
                task.run();
              }
            }));
  }
}
