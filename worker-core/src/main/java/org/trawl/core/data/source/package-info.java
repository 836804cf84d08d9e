/**
 * What a source is: which files, and how they are read.
 *
 * <p>{@link org.trawl.core.data.source.SourceSpec} is all of it, {@link
 * org.trawl.core.data.source.TableForm} and {@link org.trawl.core.data.source.CsvDialect} are its
 * part about tables; {@link org.trawl.core.data.source.TableColumns} applies that to the columns
 * that a table has.
 *
 * <p>Descriptions only: it opens no file, and knows {@code sample} alone.
 */
package org.trawl.core.data.source;
