/**
 * What a sweep file says: its keys ({@link org.trawl.driver.sweep.Keys}), how it is read and
 * checked ({@link org.trawl.driver.sweep.SweepReader}), and the immutable {@link
 * org.trawl.driver.sweep.Sweep} that it becomes. Knows neither trials nor data, but the catalogue
 * of data sets.
 */
package org.trawl.driver.sweep;
