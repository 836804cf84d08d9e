/**
 * Formats that are arrays of numbers: IDX, NPY and NPZ, MAT-files.
 *
 * <p>A reader each; all read a {@code NumberArray}, which is brought into the order of {@link
 * org.trawl.core.data.sample.SampleShape} and held in the narrowest way that keeps its values.
 */
package org.trawl.core.data.format.array;
