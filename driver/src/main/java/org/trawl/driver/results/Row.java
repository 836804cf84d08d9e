package org.trawl.driver.results;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A row as it is read: a map from the columns' names, in their order, to values that can be
 * changed. Of rows many stand in memory at once, so they share the names.
 */
final class Row extends AbstractMap<String, Object> {
  private final Names names;
  private final Object[] values;

  /** The names of columns, and their places. */
  static final class Names {
    private final List<String> inOrder;
    private final Map<String, Integer> places = new LinkedHashMap<>();

    Names(List<Column> columns) {
      this.inOrder = columns.stream().map(Column::name).toList();
      inOrder.forEach(name -> places.put(name, places.size()));
    }

    int place(String name) {
      return places.get(name);
    }

    int size() {
      return inOrder.size();
    }
  }

  /**
   * A row.
   *
   * @param values a value a name; the row's own from now on
   */
  Row(Names names, Object[] values) {
    assert values.length == names.size();
    this.names = names;
    this.values = values;
  }

  @Override
  public Object get(Object name) {
    Integer place = names.places.get(name);
    return place == null ? null : values[place];
  }

  @Override
  public boolean containsKey(Object name) {
    return names.places.containsKey(name);
  }

  /** Changes the value of a column; there cannot be others. */
  @Override
  public Object put(String name, Object value) {
    Integer place = names.places.get(name);
    if (place == null) {
      throw new UnsupportedOperationException("No column " + name);
    }
    Object before = values[place];
    values[place] = value;
    return before;
  }

  @Override
  public int size() {
    return values.length;
  }

  @Override
  public Set<Map.Entry<String, Object>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Map.Entry<String, Object>> iterator() {
        return IntStream.range(0, values.length).mapToObj(Row.this::entry).iterator();
      }

      @Override
      public int size() {
        return values.length;
      }
    };
  }

  private Map.Entry<String, Object> entry(int place) {
    return new SimpleImmutableEntry<>(names.inOrder.get(place), values[place]);
  }
}
