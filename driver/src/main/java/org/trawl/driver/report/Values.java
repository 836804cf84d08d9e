package org.trawl.driver.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.sql.Timestamp;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A cell's value on its way into JSON: what every format agrees on. */
final class Values {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().configure(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN, true).build();

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
   * A value made of what JSON knows: a number that is not finite is null, lists and maps hold plain
   * values, bytes are Base64, and all else is text: dates, times and intervals in ISO 8601.
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
    } else if (value instanceof Double || value instanceof Float) {
      return Double.isFinite(((Number) value).doubleValue()) ? value : null;
    }
    boolean known =
        value == null
            || value instanceof Number
            || value instanceof Boolean
            || value instanceof byte[];
    return known ? value : value.toString();
  }

  /** A value as people read it, on one line; NULL is empty. */
  static String text(Object value) {
    Object plain = plain(value);
    if (plain == null) {
      return "";
    } else if (plain instanceof List<?> list) {
      return list.stream().map(Values::text).collect(Collectors.joining(", ", "[", "]"));
    } else if (plain instanceof Number number) {
      return Numbers.text(number);
    }
    return printable(plain instanceof String text ? text : json(plain));
  }

  /** A key's value as it was written, on one line; NULL is empty. */
  static String written(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(Values::written).collect(Collectors.joining(", ", "[", "]"));
    }
    return value instanceof Number number ? Numbers.key(number) : text(value);
  }

  /**
   * The values of a key's column, on one line each; numbers that were computed are rounded, as far
   * as they can be told apart.
   */
  static List<String> writtenAll(List<?> values) {
    List<String> numbers =
        Numbers.written(
            values.stream().map(value -> value instanceof Number number ? number : null).toList());
    return IntStream.range(0, values.size())
        .mapToObj(i -> values.get(i) instanceof Number ? numbers.get(i) : written(values.get(i)))
        .toList();
  }

  /** A text with control characters as escapes, so that no value drives the terminal. */
  static String printable(String text) {
    if (text.codePoints().noneMatch(Character::isISOControl)) {
      return text;
    }
    return text.codePoints()
        .mapToObj(
            letter ->
                switch (letter) {
                  case '\n' -> "\\n";
                  case '\r' -> "\\r";
                  case '\t' -> "\\t";
                  default ->
                      Character.isISOControl(letter)
                          ? String.format(Locale.ROOT, "\\u%04x", letter)
                          : Character.toString(letter);
                })
        .collect(Collectors.joining());
  }

  /**
   * The order of the values of a column: numbers by size, texts by letters, lists by their
   * elements; NULL last.
   */
  static int compare(Object left, Object right) {
    if (left == null || right == null) {
      return Boolean.compare(left == null, right == null);
    } else if (left instanceof Number first && right instanceof Number second) {
      return Double.compare(first.doubleValue(), second.doubleValue());
    } else if (left instanceof List<?> first && right instanceof List<?> second) {
      for (int i = 0; i < Math.min(first.size(), second.size()); i++) {
        int order = compare(first.get(i), second.get(i));
        if (order != 0) {
          return order;
        }
      }
      return Integer.compare(first.size(), second.size());
    }
    boolean mixed = left instanceof List<?> || right instanceof List<?>;
    return mixed
        ? Boolean.compare(left instanceof List<?>, right instanceof List<?>)
        : left.toString().compareTo(right.toString());
  }
}
