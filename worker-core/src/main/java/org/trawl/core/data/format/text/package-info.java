/**
 * Formats that are lines of text: CSV and LIBSVM.
 *
 * <p>{@link org.trawl.core.data.format.text.CsvReader} and {@link
 * org.trawl.core.data.format.text.LibsvmReader} read sources, {@link
 * org.trawl.core.data.format.text.CsvSamples} a file apart from any, in the {@link
 * org.trawl.core.data.format.text.CsvForm} of a model. What a CSV file does not say (its header,
 * its columns of text) is seen by its lines alone and noted.
 */
package org.trawl.core.data.format.text;
