/**
 * Tables that storage reads: Parquet, and those of Spark.
 *
 * <p>{@link org.trawl.core.data.format.table.TableReader} asks the storage for the rows; what they
 * must be is checked here, so that the storage decides nothing.
 */
package org.trawl.core.data.format.table;
