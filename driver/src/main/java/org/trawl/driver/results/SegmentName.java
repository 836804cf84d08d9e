package org.trawl.driver.results;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a segment in the journal: a function of the specification alone, so that who trains
 * the same epochs again finds them there.
 *
 * @param lineage hash of the trial's configuration without epochs
 * @param first epoch that the specification gives to the segment, from 1
 * @param last likewise
 * @param end whether the training ended in these epochs by itself, as it does when it diverges: no
 *     segment follows, however many epochs are asked for
 */
public record SegmentName(String lineage, int first, int last, boolean end) {
  private static final Pattern FILE =
      Pattern.compile("([0-9a-z]+)-([0-9]{1,9})-([0-9]{1,9})(-end)?\\.parquet");

  /** The name that a file has; empty where it is none. */
  public static Optional<SegmentName> of(String file) {
    Matcher matcher = FILE.matcher(file);
    return matcher.matches()
        ? Optional.of(
            new SegmentName(
                matcher.group(1),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)),
                matcher.group(4) != null))
        : Optional.empty();
  }

  /** The file of that name. */
  public String file() {
    return String.format(
        Locale.ROOT, "%s-%d-%d%s.parquet", lineage, first, last, end ? "-end" : "");
  }
}
