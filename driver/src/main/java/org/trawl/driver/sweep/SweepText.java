package org.trawl.driver.sweep;

import com.typesafe.config.ConfigUtil;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.trawl.core.data.sample.SampleShape;
import org.trawl.core.data.source.CsvDialect;
import org.trawl.core.data.source.SourceSpec;
import org.trawl.core.data.source.SourceSpec.Header;
import org.trawl.core.data.source.SourceSpec.ImageChanges;
import org.trawl.core.data.source.TableForm.Labels;

/** Writes a sweep as HOCON. */
final class SweepText {
  private SweepText() {}

  static String of(Sweep sweep) {
    List<String> lines = new ArrayList<>();
    lines.add("name = " + quoted(sweep.name()));
    lines.add("seed = " + sweep.seed());
    lines.add("repeats = " + sweep.repeats());
    sweep
        .objective()
        .ifPresent(
            objective ->
                lines.add(
                    "objective { metric = %s, direction = %s }"
                        .formatted(
                            objective.metric(),
                            objective.direction().name().toLowerCase(Locale.ROOT))));
    if (!sweep.keep().equals(Keep.DEFAULT)) {
      lines.add(
          String.format(
              Locale.ROOT,
              "keep { models = %s, checkpoints = %s, every = %d }",
              sweep.keep().modelsText(),
              sweep.keep().checkpoints().name().toLowerCase(Locale.ROOT),
              sweep.keep().every()));
    }
    boolean variants = !sweep.variants().get(0).name().isEmpty();
    if (variants) {
      lines.add("sweep.variants = [");
      sweep.variants().forEach(variant -> lines.addAll(variant(variant)));
      lines.add("]");
    } else {
      lines.addAll(settings(sweep.variants().get(0)));
    }
    sweep.where().ifPresent(where -> lines.add("sweep.where = " + quoted(where.predicate())));
    return String.join("\n", lines) + "\n";
  }

  private static List<String> variant(Variant variant) {
    List<String> lines = new ArrayList<>();
    lines.add("  {");
    lines.add("    name = " + quoted(variant.name()));
    settings(variant).forEach(line -> lines.add("    " + line));
    lines.add("  }");
    return lines;
  }

  private static List<String> settings(Variant variant) {
    List<String> lines = new ArrayList<>();
    for (Key key : Keys.all()) {
      Setting setting = variant.settings().get(key);
      if (setting != null) {
        lines.add(key.path() + " = " + text(setting.value()));
      }
    }
    for (Axis axis : variant.axes()) {
      lines.add("sweep." + axis.key().path() + " = " + text(axis.values()));
    }
    return lines;
  }

  private static String text(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(SweepText::text).collect(Collectors.joining(", ", "[", "]"));
    } else if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> quoted((String) entry.getKey()) + " = " + text(entry.getValue()))
          .collect(Collectors.joining(", ", "{ ", " }"));
    } else if (value instanceof SourceSpec spec) {
      return source(spec);
    }
    return value instanceof String word
        ? quoted(word)
        : value instanceof BigDecimal real ? real.toString() : String.valueOf(value);
  }

  private static String source(SourceSpec spec) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("name", spec.name());
    values.put("format", spec.format().key());
    values.put("train", spec.train());
    values.put("train-labels", spec.trainLabels());
    values.put("validation", spec.validation());
    values.put("validation-labels", spec.validationLabels());
    values.put("test", spec.test());
    values.put("test-labels", spec.testLabels());
    values.put("label", spec.label().isEmpty() ? List.of() : spec.label());
    values.put("classes", spec.classes());
    values.put("relabel", spec.relabel().isEmpty() ? List.of() : new TreeMap<>(spec.relabel()));
    CsvDialect csv = spec.form().csv();
    values.put("header", csv.header() == Header.AUTO ? List.of() : csv.header() == Header.PRESENT);
    values.put("decimal", csv.decimal() == '.' ? List.of() : "" + csv.decimal());
    values.put("thousands", csv.thousands() == CsvDialect.NONE ? List.of() : "" + csv.thousands());
    values.put("label-type", spec.form().labels() == Labels.AUTO ? List.of() : "text");
    values.put("columns", spec.form().columns());
    values.put("ignore", spec.form().ignore());
    values.put("missing", csv.missing());
    values.put("texts", spec.form().texts());
    values.put(
        "full-scale", spec.fullScale() == 0 ? List.of() : ValueReader.canonical(spec.fullScale()));
    SampleShape shape = spec.shape();
    values.put(
        "shape",
        shape.image() ? List.of(shape.rows(), shape.columns(), shape.channels()) : List.of());
    ImageChanges changes = spec.changes();
    values.put(
        "resize", changes.resizes() ? List.of(changes.rows(), changes.columns()) : List.of());
    values.put("transposed", changes.transposed() ? (Object) true : List.of());
    return values.entrySet().stream()
        .filter(entry -> !List.of().equals(entry.getValue()))
        .map(entry -> entry.getKey() + " = " + text(entry.getValue()))
        .collect(Collectors.joining(", ", "{ ", " }"));
  }

  private static String quoted(String text) {
    return ConfigUtil.quoteString(text);
  }
}
