package org.trawl.driver.sweep;

/** What a key's value is; decides its Java type, its column's type and its canonical form. */
public enum KeyType {
  /** String. */
  TEXT,
  /** Boolean. */
  FLAG,
  /** Long. */
  WHOLE,
  /** BigDecimal, as written; computed with as double. */
  REAL,
  /** List of Long: widths of layers; one number is a list of one. */
  WIDTHS,
  /** BigDecimal or List of BigDecimal: one rate, or one a layer. */
  RATES,
  /** Long, or the String "all". */
  COUNT_OR_ALL,
  /** List of String: the steps of a preparation. */
  STEPS,
  /** String: the absolute address of a file, or the word none. */
  FILE,
  /** String (a name of the catalogue) or SourceSpec (a description of files). */
  SOURCE
}
