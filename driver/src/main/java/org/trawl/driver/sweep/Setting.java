package org.trawl.driver.sweep;

/**
 * A key's value as a sweep file gives it.
 *
 * @param value of the Java type that the key's KeyType names
 */
public record Setting(Object value, Place place) {}
