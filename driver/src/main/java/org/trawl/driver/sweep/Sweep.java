package org.trawl.driver.sweep;

/**
 * A sweep file, read and checked; nothing is expanded yet.
 *
 * @param name of the sweep, of its default folder, and of the run
 * @param seed the only source of randomness
 * @param repeats trials of each point with another seed, at least 1
 * @param resolved the resolved file as HOCON, for the run's folder
 */
public record Sweep(String name, long seed, int repeats, String resolved) {}
