package cloud.klink.webhooks.canonical;

/**
 * Drops white space from a text while it is scanned, by moving the tokens behind it down. What was
 * scanned is moved late, so that tokens with nothing between them move together: a position counts
 * in the text to be before its bytes are there.
 */
final class Compactor {
  private final Tokens tokens;

  /** How many bytes have been dropped: the distance that the next token will move. */
  private int dropped;

  /** Up to here all has been moved that is kept. */
  private int moved;

  Compactor(Tokens tokens) {
    this.tokens = tokens;
  }

  void start() {
    dropped = 0;
    moved = 0;
  }

  /** Where the byte at a position that is being scanned will be. */
  int target(int p) {
    return p - dropped;
  }

  /** Drops the white space at a position. Returns where it ends. */
  int skipSpace(int p) {
    int end = tokens.skipSpace(p);
    if (end > p) {
      move(p);
      dropped += end - p;
      moved = end;
    }
    return end;
  }

  /** Moves what is before a position and has not been. What is behind it stays readable. */
  void move(int end) {
    if (dropped > 0) {
      byte[] t = tokens.text;
      if (dropped >= Swar.BLOCK) {
        Swar.copy(t, moved, t, moved - dropped, end - moved);
      } else {
        System.arraycopy(t, moved, t, moved - dropped, end - moved);
      }
    }
    moved = end;
  }
}
