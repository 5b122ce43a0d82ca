package cloud.klink.webhooks.examples.cli;

import java.util.Collection;
import java.util.Locale;

/** Suggests what a mistyped word may have meant. */
final class NearNames {
  private NearNames() {}

  /** A question to be put behind a message, or nothing if no name is near. */
  static String question(String word, Collection<String> names) {
    String near = String.join(
        " or ", names.stream().filter(name -> isNear(word, name)).sorted().toList());
    return near.isEmpty() ? "" : "; did you mean " + near + "?";
  }

  /** At most every third letter may be wrong, and no more than two. */
  private static boolean isNear(String word, String name) {
    String mistyped = word.toLowerCase(Locale.ROOT);
    int allowed = Math.min(2, Math.max(mistyped.length(), name.length()) / 3);
    return Math.abs(mistyped.length() - name.length()) <= allowed
        && distance(mistyped, name) <= allowed;
  }

  /** How many letters must be changed, added, removed or swapped with their neighbour. */
  private static int distance(String one, String other) {
    int[][] edits = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        if (i == 0 || j == 0) {
          edits[i][j] = i + j;
          continue;
        }
        int replaced = edits[i - 1][j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        edits[i][j] = Math.min(replaced, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
        if (i > 1
            && j > 1
            && one.charAt(i - 1) == other.charAt(j - 2)
            && one.charAt(i - 2) == other.charAt(j - 1)) {
          edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
        }
      }
    }
    return edits[one.length()][other.length()];
  }
}
