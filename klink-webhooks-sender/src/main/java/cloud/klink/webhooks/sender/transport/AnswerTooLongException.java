package cloud.klink.webhooks.sender.transport;

import java.io.IOException;

/** The other side sent more than anything that it was asked for can be. */
final class AnswerTooLongException extends IOException {
  private static final long serialVersionUID = 1L;

  AnswerTooLongException() {
    super("the answer is too long: more than " + BoundedInput.LIMIT / 1_024
        + " KiB came beside what is read of its body");
  }
}
