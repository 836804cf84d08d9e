package org.trawl.core.data;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Collects the labels of a source's samples and turns them into classes: those that the source
 * names, in its order, or those found, in numeric order where all are numbers, else in Unicode
 * order. Numbers are the same label where their values are (1 and 1.0); a class is called as it was
 * first written.
 */
final class LabelsBuilder {
  /** More are a column of measurements rather than of labels. */
  static final int MOST_CLASSES = 10_000;

  /** Characters of a label. */
  static final int LONGEST_LABEL = 256;

  /** What {@link #code} returns for a label that the source does not name. */
  static final int UNKNOWN = -1;

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,4})?");

  static final Comparator<String> UNICODE_ORDER =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  private final String source;
  private final List<String> named;
  private final Map<String, String> relabel;
  private final boolean namedByNumbers;

  /** Codes by what makes labels equal: a text, or a number where the source names numbers. */
  private final Map<Object, Integer> codes = new HashMap<>();

  private final List<String> texts = new ArrayList<>();
  private int[] labels = new int[1024];
  private int size;

  /**
   * Starts without labels.
   *
   * @param source the source's name, for errors
   * @param named the classes that the source names; empty to find them
   * @param relabel labels that are taken for others
   */
  LabelsBuilder(String source, List<String> named, Map<String, String> relabel) {
    this.source = source;
    this.named = named;
    this.relabel = relabel;
    namedByNumbers = named.stream().allMatch(name -> number(name).isPresent());
    for (String name : named) {
      if (codes.putIfAbsent(identity(name), codes.size()) != null) {
        throw new DataException(
            "Cannot read %s: classes: expected different ones, found \"%s\" twice"
                .formatted(source, name));
      }
    }
  }

  /** The code of a label's text; {@link #UNKNOWN} where the source names classes, but not it. */
  int code(String label) {
    String text = relabel.getOrDefault(label, label);
    Integer code = codes.get(identity(text));
    if (code != null) {
      return code;
    }
    if (!named.isEmpty()) {
      return UNKNOWN;
    }
    if (texts.size() == MOST_CLASSES) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot classify %s: expected at most %d different labels, found more, such as \"%s\"",
              source,
              MOST_CLASSES,
              text));
    }
    codes.put(text, texts.size());
    texts.add(text);
    return texts.size() - 1;
  }

  /**
   * The code of a label that is a number in a binary file: the number, but a position in the list
   * of classes where the source names them by words. {@link #UNKNOWN} for others.
   */
  int code(long label) {
    String text = Long.toString(label);
    if (namedByNumbers || relabel.containsKey(text)) {
      return code(text);
    }
    return label >= 0 && label < named.size() ? (int) label : UNKNOWN;
  }

  /** What {@link #code(long)} can take, for errors. */
  String expectedNumber() {
    return namedByNumbers ? expected() : "a label from 0 to " + (named.size() - 1);
  }

  private Object identity(String text) {
    if (named.isEmpty() || !namedByNumbers) {
      return text;
    }
    Optional<BigDecimal> number = number(text);
    return number.isPresent() ? number.get() : text;
  }

  /** What a label can be, for errors. */
  String expected() {
    int shown = Math.min(named.size(), 12);
    String list = String.join(", ", named.subList(0, shown));
    return "a label of " + list + (shown < named.size() ? ", …" : "");
  }

  /** Adds a sample's label by its code. */
  void add(int code) {
    if (size == labels.length) {
      long grown = Math.min(SamplesBuilder.LONGEST_ARRAY, size + (size >> 1) + 1L);
      labels = Arrays.copyOf(labels, (int) grown);
    }
    labels[size++] = code;
  }

  int size() {
    return size;
  }

  /** What was decided about the labels that the files do not say, a sentence each. */
  List<String> notes() {
    return List.of();
  }

  /** Labels as numbers of classes, and the classes. */
  record Labels(int[] labels, List<String> classes) {}

  /** All labels collected. */
  Labels build() {
    List<String> classes = new ArrayList<>();
    int[] result = Arrays.copyOf(labels, size);
    if (!named.isEmpty()) {
      classes.addAll(named);
    } else {
      int[] classOfCode = order(classes);
      for (int i = 0; i < size; i++) {
        result[i] = classOfCode[result[i]];
      }
    }
    if (classes.size() < 2) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot classify %s: expected at least 2 classes, found %d: %s",
              source,
              classes.size(),
              String.join(", ", classes)));
    }
    return new Labels(result, classes);
  }

  /** Fills {@code classes} in their order; the class of each code. */
  private int[] order(List<String> classes) {
    boolean numbers = texts.stream().allMatch(text -> number(text).isPresent());
    int[] classOfCode = new int[texts.size()];
    if (numbers) {
      TreeMap<BigDecimal, List<String>> byValue = new TreeMap<>();
      for (String text : texts) {
        byValue.computeIfAbsent(number(text).orElseThrow(), x -> new ArrayList<>()).add(text);
      }
      for (List<String> same : byValue.values()) {
        for (String text : same) {
          classOfCode[codes.get(text)] = classes.size();
        }
        classes.add(same.get(0));
      }
    } else {
      texts.stream().sorted(UNICODE_ORDER).forEach(classes::add);
      for (int i = 0; i < classes.size(); i++) {
        classOfCode[codes.get(classes.get(i))] = i;
      }
    }
    return classOfCode;
  }

  /** Texts in numeric order where all are numbers, else in Unicode order. */
  static List<String> sorted(List<String> texts) {
    boolean numbers = texts.stream().allMatch(text -> number(text).isPresent());
    Comparator<String> byValue = Comparator.comparing(text -> number(text).orElseThrow());
    return texts.stream()
        .sorted(numbers ? byValue.thenComparing(UNICODE_ORDER) : UNICODE_ORDER)
        .toList();
  }

  private static Optional<BigDecimal> number(String text) {
    return NUMBER.matcher(text).matches()
        ? Optional.of(new BigDecimal(text).stripTrailingZeros())
        : Optional.empty();
  }
}
