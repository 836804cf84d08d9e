/**
 * What all file formats have in common: a {@link org.trawl.core.data.format.PartReader} reads the
 * files of one into builders of {@link org.trawl.core.data.sample}.
 *
 * <p>The formats themselves are rooms in this one: {@code text} (CSV, LIBSVM), {@code array} (IDX,
 * NumPy, MATLAB), {@code image} (PNG, JPEG and BMP in folders, CIFAR) and {@code table} (Parquet
 * and Spark, whose cells can be images). They do not know each other otherwise, nor what becomes of
 * samples. A new format is a reader, in {@link org.trawl.core.data.source.SourceSpec.Format} by
 * name and in {@link org.trawl.core.data.SourceReader}.
 */
package org.trawl.core.data.format;
