package org.trawl.driver.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.sql.Timestamp;
import java.time.temporal.Temporal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A cell's value on its way into JSON: what every format agrees on. */
final class Values {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .configure(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN, true)
          .build();

  private Values() {}

  /** JSON text of a value, on one line. */
  static String json(Object value) {
    try {
      return MAPPER.writeValueAsString(plain(value));
    } catch (JsonProcessingException impossible) {
      throw new IllegalArgumentException("Cannot write as JSON: " + value, impossible);
    }
  }

  /**
   * A value made of what JSON knows: a number that is not finite is null, dates and times are text
   * in ISO 8601, lists and maps hold plain values.
   */
  static Object plain(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(Values::plain).toList();
    } else if (value instanceof Map<?, ?> map) {
      Map<String, Object> fields = new LinkedHashMap<>();
      map.forEach((name, field) -> fields.put(String.valueOf(name), plain(field)));
      return fields;
    } else if (value instanceof Timestamp timestamp) {
      return timestamp.toInstant().toString();
    } else if (value instanceof Temporal || value instanceof java.util.Date) {
      return value.toString();
    } else if (value instanceof Double || value instanceof Float) {
      return Double.isFinite(((Number) value).doubleValue()) ? value : null;
    }
    return value;
  }
}
