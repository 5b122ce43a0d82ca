package cloud.klink.webhooks.examples.cli.websocket;

import java.net.InetAddress;
import java.util.Optional;

/** Answers text messages, by several threads. */
public interface TextHandler {
  /**
   * Answers a message.
   *
   * @param text the message
   * @param from the address of who sent it
   * @return the answer
   */
  TextAnswer answer(String text, InetAddress from);

  /**
   * An answer.
   *
   * @param text what to send, or empty to close the connection with 1007
   * @param afterwards runs when that was done, or failed
   */
  record TextAnswer(Optional<String> text, Runnable afterwards) {}
}
