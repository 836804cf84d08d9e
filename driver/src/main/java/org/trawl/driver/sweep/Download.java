package org.trawl.driver.sweep;

/**
 * A file of a data set that can be fetched.
 *
 * @param name of the file
 * @param url its official address
 * @param sha256 in lower-case hexadecimal digits; empty for unknown
 * @param bytes its size; 0 for unknown
 */
public record Download(String name, String url, String sha256, long bytes) {}
