package org.trawl.core.data.sample;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;

/**
 * What the files of a source say of its features, beside the values.
 *
 * @param names of the features, in their order; empty where the files do not name them
 * @param texts the features that are texts, which a preparation must make numbers of
 * @param label the name of the label's column; empty where the files do not name it
 * @param labels how labels as they are written became classes
 * @param notes what was decided about the files that they do not say themselves, a sentence each,
 *     for who plans with them
 * @param missing which values are missing
 */
public record Columns(
    List<String> names,
    List<TextColumn> texts,
    String label,
    LabelForm labels,
    List<String> notes,
    Missing missing)
    implements Serializable {
  /** Numbers without names, as pixels are. */
  public static final Columns NONE =
      new Columns(List.of(), List.of(), "", LabelForm.PLAIN, List.of(), Missing.NONE);

  /**
   * Values that are missing, which a preparation must fill in.
   *
   * @param first where the first one stands and what was expected there, for errors; empty for none
   * @param features of which values are missing, rising
   */
  public record Missing(String first, List<Integer> features) implements Serializable {
    /** No value is. */
    public static final Missing NONE = new Missing("", List.of());

    public Missing {
      features = List.copyOf(features);
    }
  }

  public Columns {
    names = List.copyOf(names);
    texts = List.copyOf(texts);
    notes = List.copyOf(notes);
  }

  /** The same with other notes. */
  public Columns with(List<String> others) {
    return new Columns(names, texts, label, labels, others, missing);
  }

  /** What a feature is called, for who reads about it. */
  public String name(int feature) {
    return feature < names.size()
        ? names.get(feature)
        : String.format(Locale.ROOT, "feature %d", feature);
  }
}
