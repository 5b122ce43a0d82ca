package cloud.klink.webhooks.canonical;

/** One code point in UTF-8 that is known to be well formed. */
final class Utf8 {
  private Utf8() {}

  static int put(int c, byte[] out, int o) {
    if (c < 0x80) {
      out[o] = (byte) c;
      return o + 1;
    }
    if (c < 0x800) {
      out[o] = (byte) (0xc0 | (c >> 6));
      out[o + 1] = (byte) (0x80 | (c & 0x3f));
      return o + 2;
    }
    if (c < 0x10000) {
      out[o] = (byte) (0xe0 | (c >> 12));
      out[o + 1] = (byte) (0x80 | ((c >> 6) & 0x3f));
      out[o + 2] = (byte) (0x80 | (c & 0x3f));
      return o + 3;
    }
    out[o] = (byte) (0xf0 | (c >> 18));
    out[o + 1] = (byte) (0x80 | ((c >> 12) & 0x3f));
    out[o + 2] = (byte) (0x80 | ((c >> 6) & 0x3f));
    out[o + 3] = (byte) (0x80 | (c & 0x3f));
    return o + 4;
  }

  static int length(byte first) {
    return first >= 0 ? 1 : (first & 0xe0) == 0xc0 ? 2 : (first & 0xf0) == 0xe0 ? 3 : 4;
  }

  static int get(byte[] t, int p) {
    int b = t[p];
    return switch (length((byte) b)) {
      case 1 -> b;
      case 2 -> ((b & 0x1f) << 6) | (t[p + 1] & 0x3f);
      case 3 -> ((b & 0x0f) << 12) | ((t[p + 1] & 0x3f) << 6) | (t[p + 2] & 0x3f);
      default ->
        ((b & 0x07) << 18)
            | ((t[p + 1] & 0x3f) << 12)
            | ((t[p + 2] & 0x3f) << 6)
            | (t[p + 3] & 0x3f);
    };
  }
}
