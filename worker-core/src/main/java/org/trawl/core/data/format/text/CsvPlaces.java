package org.trawl.core.data.format.text;

import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.trawl.core.data.sample.DataException;
import org.trawl.core.data.source.TableColumns;

/**
 * Which column of a CSV file is which feature of a data set, decided by the file's first line: by
 * name where the data set names its features, and then the file must name them too; else by
 * position.
 *
 * @param columns of each feature
 * @param label column of the labels; {@link #NONE} where there is none
 * @param width number of columns
 * @param names of the columns; empty where the first line is a sample
 * @param notes what was decided that the file does not say
 */
record CsvPlaces(
    List<Integer> columns, int label, int width, List<String> names, List<String> notes) {
  static final int NONE = -1;
  private static final int SHOWN = 20;

  CsvPlaces {
    columns = List.copyOf(columns);
    names = List.copyOf(names);
    notes = List.copyOf(notes);
  }

  /**
   * Of a file's first line.
   *
   * @throws DataException if the columns are not those of the form
   */
  static CsvPlaces of(CsvForm form, CsvRecord first, CsvRecords records) {
    Finding finding = new Finding(form, first, records);
    return form.names().isEmpty() ? finding.byPosition() : finding.byName();
  }

  private static final class Finding {
    private final CsvForm form;
    private final CsvRecord first;
    private final CsvRecords records;
    private final List<String> found = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    Finding(CsvForm form, CsvRecord first, CsvRecords records) {
      this.form = form;
      this.first = first;
      this.records = records;
      for (int i = 0; i < first.fields(); i++) {
        found.add(text(i));
      }
    }

    CsvPlaces byName() {
      if (!form.distinctNames()) {
        return inTheSameOrder();
      }
      Set<Integer> taken = new HashSet<>();
      Map<String, Integer> places = new HashMap<>();
      for (String name : wanted()) {
        int place = found.indexOf(name);
        if (place >= 0 && place != found.lastIndexOf(name)) {
          throw wrong("one column \"%s\"".formatted(name), "several");
        } else if (place >= 0) {
          taken.add(place);
          places.put(name, place);
        }
      }
      for (String name : wanted()) {
        if (!places.containsKey(name)) {
          inOtherLetters(name, taken, places);
        }
      }
      List<String> missing = form.names().stream().filter(n -> !places.containsKey(n)).toList();
      List<String> unknown = new ArrayList<>();
      for (int i = 0; i < found.size(); i++) {
        if (!taken.contains(i) && CsvForm.namesIndex(found.get(i), i)) {
          notes.add(
              String.format(
                  Locale.ROOT,
                  "Column %d (%s) is left out as the index that a tool has written",
                  i,
                  found.get(i).isEmpty() ? "without a name" : found.get(i)));
        } else if (!taken.contains(i) && !form.leavesOut(found.get(i))) {
          unknown.add(found.get(i));
        }
      }
      if (!missing.isEmpty() || !unknown.isEmpty()) {
        throw others(missing, unknown, taken.isEmpty());
      }
      return new CsvPlaces(
          form.names().stream().map(places::get).toList(),
          places.getOrDefault(form.label(), NONE),
          found.size(),
          found,
          notes);
    }

    private List<String> wanted() {
      List<String> wanted = new ArrayList<>(form.names());
      if (!form.label().isEmpty()) {
        wanted.add(form.label());
      }
      return wanted;
    }

    /** Takes the one column whose name differs in capital and small letters only. */
    private void inOtherLetters(String name, Set<Integer> taken, Map<String, Integer> places) {
      List<Integer> alike = new ArrayList<>();
      for (int i = 0; i < found.size(); i++) {
        if (!taken.contains(i) && found.get(i).equalsIgnoreCase(name)) {
          alike.add(i);
        }
      }
      long claims = wanted().stream().filter(name::equalsIgnoreCase).count();
      if (alike.size() == 1 && claims == 1) {
        taken.add(alike.get(0));
        places.put(name, alike.get(0));
        notes.add("Column \"%s\" is taken for \"%s\"".formatted(found.get(alike.get(0)), name));
      }
    }

    private DataException others(List<String> missing, List<String> unknown, boolean none) {
      String expected = "a header with the columns " + shown(form.names());
      expected += " in any order, as the model's data has";
      if (!form.label().isEmpty()) {
        expected += ", and perhaps the label " + form.label();
      }
      if (none) {
        return wrong(
            expected, shown(found) + " (cure where it is a sample: put such a line above it)");
      }
      List<String> problems = new ArrayList<>();
      if (!missing.isEmpty()) {
        problems.add("no column " + shown(missing));
      }
      if (!unknown.isEmpty()) {
        problems.add(
            "the unknown column%s %s (cure: leave %s out)"
                .formatted(
                    unknown.size() > 1 ? "s" : "",
                    shown(unknown),
                    unknown.size() > 1 ? "them" : "it"));
      }
      return wrong(expected, String.join(" and ", problems));
    }

    /** Of features of which several have one name: nothing but their order tells them apart. */
    private CsvPlaces inTheSameOrder() {
      int label = form.label().isEmpty() ? NONE : found.indexOf(form.label());
      List<Integer> columns = new ArrayList<>();
      for (int i = 0; i < found.size(); i++) {
        if (i != label && (form.names().contains(found.get(i)) || !form.leavesOut(found.get(i)))) {
          columns.add(i);
        }
      }
      if (!columns.stream().map(found::get).toList().equals(form.names())) {
        throw wrong(
            "a header with the columns %s in this order, as several have one name"
                .formatted(shown(form.names())),
            shown(found));
      }
      return new CsvPlaces(columns, label, found.size(), found, notes);
    }

    CsvPlaces byPosition() {
      int count = form.features();
      int width = found.size();
      if (width != count && form.choosesColumns()) {
        throw wrong(
            String.format(
                Locale.ROOT,
                "the model's %d features alone, in their order, as its data has no names and columns"
                    + " of it were left out",
                count),
            width + " columns");
      } else if (width != count && width != count + 1) {
        throw wrong(
            String.format(
                Locale.ROOT,
                "%d columns, the model's features, or %d with a label",
                count,
                count + 1),
            "" + width);
      }
      int label = width == count ? NONE : labelColumn(width);
      List<Integer> columns = new ArrayList<>();
      for (int i = 0; i < width; i++) {
        if (i != label) {
          columns.add(i);
        }
      }
      boolean header = textForNumber(columns);
      if (header) {
        checkNames(label);
        notes.add(
            "The columns are taken by their positions, as the model's data does not name them");
      } else if (counts()) {
        throw wrong(
            "a sample",
            shown(found)
                + ", which numbers the columns (cure: leave the line out if it does; if it is a"
                + " sample, put a line with names above it)");
      }
      return new CsvPlaces(columns, label, width, header ? found : List.of(), notes);
    }

    /** What names do say where their order must be trusted: that a column is no feature. */
    private void checkNames(int label) {
      for (int i = 0; i < found.size(); i++) {
        if (i != label && CsvForm.namesIndex(found.get(i), i)) {
          throw wrong(
              "the model's features, which have no names",
              String.format(
                  Locale.ROOT,
                  "column %d %s, an index as tools write it (cure: leave it out)",
                  i,
                  found.get(i).isEmpty() ? "without a name" : "called " + found.get(i)));
        } else if (i != label && named() && found.get(i).equals(form.label())) {
          throw wrong(
              String.format(
                  Locale.ROOT, "%d features beside the label %s", form.features(), form.label()),
              String.format(Locale.ROOT, "%d", found.size() - 1));
        }
      }
    }

    /** Whether the label is given by name. */
    private boolean named() {
      return !TableColumns.position(form.label());
    }

    private int labelColumn(int width) {
      if (form.label().isEmpty()) {
        return width - 1;
      }
      if (named()) {
        int place = found.indexOf(form.label());
        if (place >= 0) {
          return place;
        }
        throw wrong(
            String.format(
                Locale.ROOT,
                "a header with the label column \"%s\" beside %d features",
                form.label(),
                form.features()),
            shown(found));
      }
      int position = Integer.parseInt(form.label());
      int fromStart = position < 0 ? width + position : position;
      if (fromStart < 0 || fromStart >= width) {
        throw wrong("column %s for the label".formatted(form.label()), width + " columns");
      }
      return fromStart;
    }

    /** Whether a feature that is a number has a text. */
    private boolean textForNumber(List<Integer> columns) {
      Set<Integer> texts = new HashSet<>();
      form.texts().forEach(column -> texts.add(column.feature()));
      for (int feature = 0; feature < columns.size(); feature++) {
        int column = columns.get(feature);
        boolean text = Double.isNaN(first.number(column)) && !first.missing(column);
        if (text && !texts.contains(feature)) {
          return true;
        }
      }
      return false;
    }

    /** Whether the line counts from 0 or 1, as tools number columns that have no names. */
    private boolean counts() {
      return found.size() > 2 && (counts(0) || counts(1));
    }

    private boolean counts(int from) {
      for (int i = 0; i < found.size(); i++) {
        if (!found.get(i).equals(String.valueOf(from + i))) {
          return false;
        }
      }
      return true;
    }

    private static String shown(List<String> names) {
      int shown = Math.min(names.size(), SHOWN);
      String list =
          String.join(
              ", ",
              Collections.unmodifiableList(names.subList(0, shown)).stream()
                  .map(name -> name.isEmpty() ? "(no name)" : printable(name))
                  .toList());
      return list + (shown < names.size() ? ", …" : "");
    }

    private static String printable(String name) {
      String start = name.length() > 40 ? name.substring(0, 40) + "…" : name;
      return start.replaceAll("\\p{Cntrl}", "?");
    }

    private String text(int column) {
      try {
        return first.text(column);
      } catch (CharacterCodingException e) {
        throw wrong("text in UTF-8", first.shown(column));
      }
    }

    private DataException wrong(String expected, String found) {
      return records.wrong(first.line(), expected, found);
    }
  }

  /** Of each column the feature that it holds; {@link #NONE} for others. */
  int[] features() {
    int[] features = new int[width];
    Arrays.fill(features, NONE);
    for (int feature = 0; feature < columns.size(); feature++) {
      features[columns.get(feature)] = feature;
    }
    return features;
  }
}
