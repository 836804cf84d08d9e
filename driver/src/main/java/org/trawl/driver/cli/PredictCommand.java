package org.trawl.driver.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.trawl.core.data.sample.DataException;
import org.trawl.driver.model.Model;
import org.trawl.driver.model.Outputs;
import org.trawl.driver.model.SampleFile;
import org.trawl.driver.report.Rows;
import org.trawl.driver.spark.ClusterStorage;
import org.trawl.driver.sweep.ClassNames;
import org.trawl.driver.sweep.InputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code trawl predict TRIAL FILE} */
@Command(
    name = "predict",
    description = "Predicts the classes of a file's samples by the model of a trial.")
final class PredictCommand implements Callable<Integer> {
  /** Classes whose probabilities a table for people shows. */
  private static final int CLASSES_SHOWN = 12;

  private static final int LABELS_SHOWN = 10;

  private static final String SHADES = " .:-=+*#%@";

  @Mixin private ModelArgument argument;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "samples as CSV (with a header where the model's data has one, its columns in any order,"
              + " with or without the label), IDX, or an image (PNG, JPEG, BMP, GIF) of one sample")
  private List<String> files;

  @Mixin private FormatOption format;

  @Override
  public Integer call() {
    Model model = argument.model();
    Map<String, SampleFile> samples = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (String file : files) {
      try {
        samples.put(file, SampleFile.read(file, model, ClusterStorage.INSTANCE));
      } catch (DataException wrong) {
        problems.add(wrong.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw new InputException(problems);
    }
    format.note(
        String.format(
            Locale.ROOT,
            "Trial %s after epoch %d: %d classes",
            model.trial(),
            model.epoch(),
            model.classes().size()));
    samples.forEach(
        (file, read) -> {
          read.notes().forEach(note -> format.remark(file + ": " + note));
          picture(file, read, model);
        });
    print(model, samples);
    return ExitCode.DONE;
  }

  /** Shows people a picture as the network sees it. */
  private void picture(String file, SampleFile samples, Model model) {
    if (!format.forPeople() || !samples.picture() || model.image().isEmpty()) {
      return;
    }
    format.note("");
    format.note(file + " as the network sees it:");
    int width = model.image().get().shape().columns();
    float[] brightness = model.image().get().brightness(samples.features());
    for (int from = 0; from < brightness.length; from += width) {
      StringBuilder line = new StringBuilder("  ");
      for (int i = from; i < from + width; i++) {
        int shade = Math.round(brightness[i] * (SHADES.length() - 1));
        line.append(String.valueOf(SHADES.charAt(shade)).repeat(2));
      }
      format.note(line.toString().stripTrailing());
    }
    format.note("");
  }

  private void print(Model model, Map<String, SampleFile> samples) {
    boolean labelled = samples.values().stream().anyMatch(file -> !file.labels().isEmpty());
    boolean all = !format.forPeople() || model.classes().size() <= CLASSES_SHOWN;
    List<String> columns = new ArrayList<>();
    if (samples.size() > 1) {
      columns.add("file");
    }
    columns.add("sample");
    if (labelled) {
      columns.add("label");
    }
    ClassNames names = ClassNames.ofSource(model.source()).where(model.classes());
    columns.add("class");
    if (names.given() && !format.forPeople()) {
      columns.add("class_name");
    }
    columns.add("probability");
    if (all) {
      model.classes().forEach(type -> columns.add(column(called(type, names))));
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    int known = 0;
    int right = 0;
    Map<String, Integer> others = new LinkedHashMap<>();
    for (Map.Entry<String, SampleFile> file : samples.entrySet()) {
      SampleFile read = file.getValue();
      Outputs outputs = Outputs.of(model, read.features(), read.rows());
      for (int i = 0; i < read.rows(); i++) {
        Map<String, Object> row = row(model, outputs, i, names);
        if (format.forPeople()) {
          row.replaceAll((column, value) -> rounded(value));
        }
        row.put("file", file.getKey());
        String label = read.labels().isEmpty() ? "" : read.labels().get(i);
        if (!label.isEmpty()) {
          OptionalInt type = type(label, model, names);
          row.put(
              "label",
              names.given() && type.isPresent()
                  ? called(model.classes().get(type.getAsInt()), names)
                  : label);
          known++;
          right += type.equals(OptionalInt.of(outputs.predicted(i))) ? 1 : 0;
          if (type.isEmpty()) {
            others.merge(label, 1, Integer::sum);
          }
        }
        rows.add(row);
      }
    }
    format.print(new Rows(columns, rows));
    if (known > 0) {
      format.note(
          String.format(
              Locale.ROOT, "%d of %d right: accuracy %.4f", right, known, (double) right / known));
    }
    if (!others.isEmpty()) {
      format.remark(otherLabels(others));
    }
  }

  private static String otherLabels(Map<String, Integer> others) {
    List<String> shown = others.keySet().stream().limit(LABELS_SHOWN).toList();
    return String.format(
        Locale.ROOT,
        "%d of the labels are no class of the model, and counted as wrong: %s%s",
        others.values().stream().mapToInt(Integer::intValue).sum(),
        String.join(", ", shown),
        shown.size() < others.size() ? ", …" : "");
  }

  private Map<String, Object> row(Model model, Outputs outputs, int sample, ClassNames names) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("sample", sample + 1);
    int predicted = outputs.predicted(sample);
    row.put("class", called(model.classes().get(predicted), names));
    row.put("class_name", names.called(model.classes().get(predicted)));
    row.put("probability", (double) outputs.value(sample, predicted));
    for (int type = 0; type < outputs.classes(); type++) {
      row.put(
          column(called(model.classes().get(type), names)), (double) outputs.value(sample, type));
    }
    return row;
  }

  /** A class by the name that people have for it; as the data set has it for programs. */
  private String called(String type, ClassNames names) {
    return format.forPeople() ? names.called(type) : type;
  }

  /** The class that a label means, as the data set writes it or as people call it. */
  private static OptionalInt type(String label, Model model, ClassNames names) {
    OptionalInt written = first(model, type -> model.names(label, type));
    return written.isPresent()
        ? written
        : first(model, type -> names.called(model.classes().get(type)).equals(label));
  }

  private static OptionalInt first(Model model, IntPredicate means) {
    return IntStream.range(0, model.classes().size()).filter(means).findFirst();
  }

  /** A probability as people read it. */
  private static Object rounded(Object value) {
    return value instanceof Double real && Double.isFinite(real)
        ? BigDecimal.valueOf(real).setScale(4, RoundingMode.HALF_EVEN)
        : value;
  }

  private static String column(String name) {
    return "p_" + name;
  }
}
