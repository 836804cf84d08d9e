package org.trawl.core.data.sample;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Collects the labels of a source's samples and turns them into classes: those that the source
 * names, in its order, or those found, in numeric order where all are numbers, else in Unicode
 * order. Labels that are numbers are the same where their values are (1 and 1.0) if the source
 * names classes or all of its labels are numbers, before some are taken for others or afterwards,
 * unless it says that labels are texts; a class is called as it was first written. Keys of {@code
 * relabel} are matched likewise.
 */
public final class LabelsBuilder {
  /** More are a column of measurements rather than of labels. */
  static final int MOST_CLASSES = 10_000;

  /** Characters of a label. */
  public static final int LONGEST_LABEL = 256;

  /** What {@link #code} returns for a label that the source does not name. */
  public static final int UNKNOWN = -1;

  /** By code points, as the bytes of UTF-8 are ordered. */
  public static final Comparator<String> UNICODE_ORDER =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  private static final int SHOWN = 12;

  private final String source;
  private final List<String> named;
  private final boolean namedByNumbers;

  /** Of a source that names classes, and of any that does not as long as nothing is known. */
  private final LabelForm form;

  /** Of the classes that the source names, by what makes labels equal. */
  private final Map<Object, Integer> classes = new HashMap<>();

  /** Codes of the labels as they are written. */
  private final Map<String, Integer> codes = new HashMap<>();

  private final List<Written> written = new ArrayList<>();
  private int[] labels = new int[1024];
  private int size;

  /**
   * A label as it is written.
   *
   * @param target its class where the source names classes, else {@link #UNKNOWN}
   */
  private record Written(String text, int target) {}

  /**
   * Starts without labels.
   *
   * @param source the source's name, for errors
   * @param named the classes that the source names; empty to find them
   * @param form which labels are the same: texts, or numbers where they are; and which are taken
   *     for others
   */
  public LabelsBuilder(String source, List<String> named, LabelForm form) {
    this.source = source;
    this.named = named;
    this.form = form;
    namedByNumbers = allNumbers(named);
    for (String name : named) {
      if (classes.putIfAbsent(form.identity(name), classes.size()) != null) {
        String other = named.stream().filter(each -> form.same(each, name)).findFirst().get();
        String numbers = " and \"%s\", which are one number (cure: label-type = text)";
        throw new DataException(
            "Cannot read %s: classes: expected different ones, found \"%s\"%s"
                .formatted(source, other, other.equals(name) ? " twice" : numbers.formatted(name)));
      }
    }
  }

  /** The code of a label's text; {@link #UNKNOWN} where the source names classes, but not it. */
  public int code(String label) {
    Integer known = codes.get(label);
    if (known != null) {
      return known;
    }
    if (named.isEmpty()) {
      if (written.size() == MOST_CLASSES) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "Cannot classify %s: expected at most %d different labels, found more, such as"
                    + " \"%s\"",
                source,
                MOST_CLASSES,
                label));
      }
      return code(new Written(label, UNKNOWN));
    }
    Object target = form.identity(form.taken(label));
    return code(new Written(label, classes.getOrDefault(target, UNKNOWN)));
  }

  /**
   * The code of a label that is a number in a binary file: the number, but a position in the list
   * of classes where the source names them by words. {@link #UNKNOWN} for others.
   */
  public int code(long label) {
    String text = Long.toString(label);
    if (namedByNumbers || codes.containsKey(text) || form.key(text).isPresent()) {
      return code(text);
    }
    return code(new Written(text, label >= 0 && label < named.size() ? (int) label : UNKNOWN));
  }

  private int code(Written label) {
    if (!named.isEmpty() && label.target() == UNKNOWN) {
      return UNKNOWN;
    }
    codes.put(label.text(), written.size());
    written.add(label);
    return written.size() - 1;
  }

  /** Whether a label is one of those that were added, as far as can be said before the end. */
  public boolean known(String label) {
    return codes.containsKey(label);
  }

  /** What {@link #code(long)} can take, for errors. */
  public String expectedNumber() {
    return namedByNumbers ? expected() : "a label from 0 to " + (named.size() - 1);
  }

  /** What a label can be, for an error about one, which relabel may have made another of. */
  public String expected(String label) {
    String taken = form.taken(label);
    return expected()
        + (taken.equals(label) ? "" : " (relabel takes it for \"%s\")".formatted(taken));
  }

  /** What a label can be, for errors. */
  public String expected() {
    return "a label of " + shown(named);
  }

  /** Adds a sample's label by its code. */
  public void add(int code) {
    if (size == labels.length) {
      long grown = Math.min(SamplesBuilder.LONGEST_ARRAY, size + (size >> 1) + 1L);
      labels = Arrays.copyOf(labels, (int) grown);
    }
    labels[size++] = code;
  }

  /** How many samples' labels there are. */
  public int size() {
    return size;
  }

  /** Starts again without labels. */
  public void clear() {
    codes.clear();
    written.clear();
    size = 0;
  }

  /**
   * Labels as numbers of classes.
   *
   * @param form how they became that
   * @param notes what was decided about the labels that the files do not say, a sentence each
   */
  public record Labels(int[] labels, List<String> classes, LabelForm form, List<String> notes) {}

  /**
   * All labels collected.
   *
   * @throws DataException if there are fewer than two classes, or no label is a key of relabel
   */
  public Labels build() {
    int[] counts = new int[written.size()];
    Arrays.stream(labels, 0, size).forEach(code -> counts[code]++);
    List<String> texts = written.stream().map(Written::text).toList();
    LabelForm decided = decide(texts);
    String[] keys = keys(texts, decided);
    Set<String> unused = new TreeSet<>(form.relabel().keySet());
    unused.removeAll(Arrays.asList(keys));
    if (!unused.isEmpty()) {
      throw new DataException(
          "Cannot read %s: relabel: expected labels that there are, some of %s, found \"%s\""
              .formatted(source, shown(sorted(texts)), String.join("\", \"", unused)));
    }
    String[] targets = new String[counts.length];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = keys[i] == null ? texts.get(i) : form.relabel().get(keys[i]);
    }
    List<String> names = new ArrayList<>(named);
    int[] classOfCode =
        named.isEmpty()
            ? order(targets, decided, names)
            : written.stream().mapToInt(Written::target).toArray();
    if (names.size() < 2) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot classify %s: expected at least 2 classes, found %d: %s",
              source,
              names.size(),
              String.join(", ", names)));
    }
    int[] result = new int[size];
    int[] samples = new int[names.size()];
    for (int i = 0; i < size; i++) {
      result[i] = classOfCode[labels[i]];
      samples[result[i]]++;
    }
    return new Labels(
        result, names, decided, notes(names, samples, counts, keys, targets, classOfCode));
  }

  /** Whether labels are numbers, by all that were written. */
  private LabelForm decide(List<String> all) {
    LabelForm plain = new LabelForm(false, form.relabel());
    boolean numbers =
        !named.isEmpty() || allNumbers(all) || allNumbers(all.stream().map(plain::taken).toList());
    return numbers ? form : plain;
  }

  /** Of each label the key of relabel that it is; null for none. */
  private static String[] keys(List<String> texts, LabelForm form) {
    return texts.stream().map(text -> form.key(text).orElse(null)).toArray(String[]::new);
  }

  /** Fills {@code names} in their order; the class of each label. */
  private static int[] order(String[] targets, LabelForm form, List<String> names) {
    Map<Object, String> first = new LinkedHashMap<>();
    for (String target : targets) {
      first.putIfAbsent(form.identity(target), target);
    }
    names.addAll(sorted(List.copyOf(first.values())));
    Map<Object, Integer> positions = new HashMap<>();
    names.forEach(name -> positions.put(form.identity(name), positions.size()));
    return Arrays.stream(targets).mapToInt(text -> positions.get(form.identity(text))).toArray();
  }

  private List<String> notes(
      List<String> names,
      int[] samples,
      int[] counts,
      String[] keys,
      String[] targets,
      int[] classOfCode) {
    Map<String, Map<String, Integer>> spellings = new LinkedHashMap<>();
    for (int i = 0; i < counts.length; i++) {
      spell(spellings, "class " + classOfCode[i], targets[i], counts[i]);
      if (keys[i] != null) {
        spell(spellings, "key " + keys[i], written.get(i).text(), counts[i]);
      }
    }
    List<String> merged =
        spellings.values().stream()
            .filter(each -> each.size() > 1)
            .map(
                each ->
                    each.entrySet().stream()
                        .map(e -> String.format(Locale.ROOT, "%s (%d)", e.getKey(), e.getValue()))
                        .collect(Collectors.joining(" = ")))
            .toList();
    List<String> notes = new ArrayList<>();
    if (!merged.isEmpty()) {
      notes.add(
          "labels that are the same number are one class: %s (samples); label-type = text keeps them apart"
              .formatted(shown(merged)));
    }
    List<String> empty =
        IntStream.range(0, samples.length)
            .filter(i -> samples[i] == 0)
            .mapToObj(names::get)
            .toList();
    if (!empty.isEmpty()) {
      notes.add("no sample is of %s, which classes names".formatted(shown(empty)));
    }
    return notes;
  }

  /** Counts a spelling among those of one number in a group. */
  private static void spell(
      Map<String, Map<String, Integer>> spellings, String group, String text, int count) {
    Optional<BigDecimal> number = LabelForm.number(text);
    if (number.isPresent() && count > 0) {
      spellings
          .computeIfAbsent(group + " " + number.get(), x -> new LinkedHashMap<>())
          .merge(text, count, Integer::sum);
    }
  }

  private static boolean allNumbers(List<String> texts) {
    return texts.stream().allMatch(text -> LabelForm.number(text).isPresent());
  }

  private static String shown(List<String> all) {
    return Shown.first(SHOWN, all);
  }

  /** Texts in numeric order where all are numbers, else in Unicode order. */
  public static List<String> sorted(List<String> texts) {
    boolean numbers = allNumbers(texts);
    Comparator<String> byValue = Comparator.comparing(text -> LabelForm.number(text).orElseThrow());
    return texts.stream()
        .sorted(numbers ? byValue.thenComparing(UNICODE_ORDER) : UNICODE_ORDER)
        .toList();
  }
}
