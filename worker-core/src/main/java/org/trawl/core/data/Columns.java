package org.trawl.core.data;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;

/**
 * What the files of a source say of its features, beside the values.
 *
 * @param names of the features, in their order; empty where the files do not name them
 * @param texts the features that are texts, which a preparation must make numbers of
 * @param label the name of the label's column; empty where the files do not name it
 * @param notes what was decided about the files that they do not say themselves, a sentence each,
 *     for who plans with them
 */
public record Columns(List<String> names, List<TextColumn> texts, String label, List<String> notes)
    implements Serializable {
  /** Numbers without names, as pixels are. */
  public static final Columns NONE = new Columns(List.of(), List.of(), "", List.of());

  public Columns {
    names = List.copyOf(names);
    texts = List.copyOf(texts);
    notes = List.copyOf(notes);
  }

  /** What a feature is called, for who reads about it. */
  String name(int feature) {
    return feature < names.size()
        ? names.get(feature)
        : String.format(Locale.ROOT, "feature %d", feature);
  }
}
