package cloud.klink.webhooks.canonical;

import cloud.klink.webhooks.internal.Pool;

/** The memory and machinery for one body at a time: scan it once, then print it in any dialect. */
final class Canonicalizer {
  /** A canonicalizer that had to grow beyond this many bytes is not kept. */
  private static final int KEPT = 2 << 20;

  private static final Pool<Canonicalizer> POOL = new Pool<>(Canonicalizer::new);

  private final JsonScanner scanner = new JsonScanner();
  private final JsonPrinter printer = new JsonPrinter(scanner);

  private Canonicalizer() {}

  static Canonicalizer take() {
    return POOL.take();
  }

  void give() {
    if (scanner.footprint() + printer.footprint() <= KEPT) {
      POOL.give(this);
    }
  }

  /** Scans a body. */
  void scan(byte[] body) {
    scanner.tokens.load(body);
    scanner.scan();
  }

  /** The features of the scanned body; all of them only after {@link #findUnescaped}. */
  int features() {
    return scanner.tokens.features;
  }

  /** Looks for the features that matter to other dialects than {@link Dialect#KLINK} only. */
  void findUnescaped() {
    Tokens tokens = scanner.tokens;
    tokens.features |= Features.unescaped(tokens.text, tokens.length);
  }

  /** Prints the scanned body into a new array. */
  byte[] print(Dialect dialect) {
    return printer.print(dialect);
  }
}
