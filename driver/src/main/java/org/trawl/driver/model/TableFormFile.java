package org.trawl.driver.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.trawl.core.data.sample.LabelForm;
import org.trawl.core.data.source.CsvDialect;
import org.trawl.core.data.source.SourceSpec.Header;
import org.trawl.core.data.source.TableForm;
import org.trawl.core.data.source.TableForm.Labels;

/**
 * How the columns of a model's data were read, in its file: an object in JSON with what is not as
 * {@link TableForm#PLAIN} and {@link LabelForm#PLAIN} have it. A header is not said: names of
 * features say that there was one; nor which columns were said to be texts, as all texts are known.
 */
final class TableFormFile {
  private TableFormFile() {}

  static ObjectNode write(TableForm form, LabelForm labels) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    if (form.csv().decimal() != CsvDialect.PLAIN.decimal()) {
      json.put("decimal", String.valueOf(form.csv().decimal()));
    }
    if (form.csv().thousands() != CsvDialect.NONE) {
      json.put("thousands", String.valueOf(form.csv().thousands()));
    }
    if (!form.csv().missing().isEmpty()) {
      form.csv().missing().forEach(json.putArray("missing")::add);
    }
    if (form.labels() == Labels.TEXT) {
      json.put("labels", "text");
    } else if (!labels.numbers()) {
      json.put("labels", "words");
    }
    if (!labels.relabel().isEmpty()) {
      labels.relabel().forEach(json.putObject("relabel")::put);
    }
    if (!form.columns().isEmpty()) {
      form.columns().forEach(json.putArray("columns")::add);
    }
    if (!form.ignore().isEmpty()) {
      form.ignore().forEach(json.putArray("ignore")::add);
    }
    return json;
  }

  /**
   * Reads what was written.
   *
   * @throws IllegalArgumentException if it is something else
   */
  static TableForm read(JsonNode json) {
    return new TableForm(
        new CsvDialect(
            Header.AUTO,
            letter(json.path("decimal").asText("."), CsvDialect.PLAIN.decimal()),
            letter(json.path("thousands").asText(""), CsvDialect.NONE),
            texts(json.path("missing"))),
        json.path("labels").asText("").equals("text") ? Labels.TEXT : Labels.AUTO,
        texts(json.path("columns")),
        texts(json.path("ignore")));
  }

  /** Reads how labels became classes. */
  static LabelForm labels(JsonNode json) {
    SortedMap<String, String> relabel = new TreeMap<>();
    json.path("relabel").properties().forEach(e -> relabel.put(e.getKey(), e.getValue().asText()));
    return new LabelForm(json.path("labels").isMissingNode(), relabel);
  }

  private static char letter(String text, char none) {
    return text.isEmpty() ? none : text.charAt(0);
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
