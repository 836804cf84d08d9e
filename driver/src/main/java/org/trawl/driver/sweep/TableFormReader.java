package org.trawl.driver.sweep;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.trawl.core.data.source.CsvDialect;
import org.trawl.core.data.source.SourceSpec.Format;
import org.trawl.core.data.source.SourceSpec.Header;
import org.trawl.core.data.source.TableForm;
import org.trawl.core.data.source.TableForm.Labels;

/** Reads how the columns of a table are read, of the description of a source. */
final class TableFormReader {
  static final List<String> KEYS =
      List.of(
          "label-type", "header", "decimal", "thousands", "missing", "columns", "ignore", "texts");

  private static final String COLUMNS =
      "a column's name or a pattern such as \"id*\", or a list of them";

  private final String path;
  private final ConfigObject description;
  private final Complaint complaint;

  /** Takes what is wrong with a key. */
  interface Complaint {
    void problem(ConfigValue value, String path, String expected, String found);
  }

  TableFormReader(String path, ConfigObject description, Complaint complaint) {
    this.path = path;
    this.description = description;
    this.complaint = complaint;
  }

  /** The keys that a format would ignore. */
  static List<String> ignoredBy(Format format) {
    return KEYS.stream().filter(key -> !takes(format, key)).toList();
  }

  private static boolean takes(Format format, String key) {
    return switch (key) {
      case "label-type" ->
          switch (format) {
            case CSV, LIBSVM, NPY, NPZ, IMAGES, PARQUET, TABLE -> true;
            case IDX, MAT, CIFAR10, CIFAR100 -> false;
          };
      case "columns", "ignore" -> format.columns();
      default -> format == Format.CSV;
    };
  }

  TableForm read() {
    return new TableForm(
        new CsvDialect(
            header(),
            decimal(),
            thousands(),
            texts("missing", "a text or a number, such as \"-\", or a list of them")),
        labels(),
        texts("columns", COLUMNS),
        texts("ignore", COLUMNS),
        texts("texts", COLUMNS));
  }

  private Header header() {
    ConfigValue value = present("header");
    if (value == null || "auto".equals(value.unwrapped())) {
      return Header.AUTO;
    }
    Optional<Boolean> flag = ValueReader.flag(value);
    if (flag.isEmpty()) {
      problem(value, "header", "true, false or auto");
    }
    return flag.orElse(true) ? Header.PRESENT : Header.ABSENT;
  }

  private char decimal() {
    ConfigValue value = present("decimal");
    if (value == null || ".".equals(value.unwrapped())) {
      return '.';
    }
    if (!",".equals(value.unwrapped())) {
      problem(value, "decimal", "\".\" or \",\"");
    }
    return ',';
  }

  private char thousands() {
    ConfigValue value = present("thousands");
    if (value == null) {
      return CsvDialect.NONE;
    }
    String text = String.valueOf(value.unwrapped());
    if (text.length() != 1 || CsvDialect.GROUPING.indexOf(text.charAt(0)) < 0) {
      problem(value, "thousands", "\",\", \".\", \" \", \"'\" or \"_\"");
    } else if (text.charAt(0) == decimal()) {
      String cure = text.equals(".") ? " (cure: decimal = \",\" beside it)" : "";
      problem(value, "thousands", "another character than decimal is, \"" + text + '"' + cure);
    } else {
      return text.charAt(0);
    }
    return CsvDialect.NONE;
  }

  private Labels labels() {
    ConfigValue value = present("label-type");
    if (value == null || "auto".equals(value.unwrapped())) {
      return Labels.AUTO;
    }
    if (!"text".equals(value.unwrapped())) {
      problem(value, "label-type", "text or auto");
    }
    return Labels.TEXT;
  }

  /** Texts; a single one needs no list. */
  private List<String> texts(String key, String expected) {
    ConfigValue value = present(key);
    if (value == null) {
      return List.of();
    }
    List<ConfigValue> values = value instanceof ConfigList list ? list : List.of(value);
    List<String> texts = new ArrayList<>();
    for (ConfigValue element : values) {
      if (element.valueType() != ConfigValueType.STRING
          && element.valueType() != ConfigValueType.NUMBER) {
        problem(element, key, expected);
      } else {
        texts.add(ValueReader.text(element));
      }
    }
    if (values.isEmpty()) {
      problem(value, key, expected);
    }
    return texts;
  }

  private ConfigValue present(String key) {
    ConfigValue value = description.get(key);
    return value == null || value.valueType() == ConfigValueType.NULL ? null : value;
  }

  private void problem(ConfigValue value, String key, String expected) {
    complaint.problem(value, path + "." + key, expected, ValueReader.shown(value));
  }
}
