/**
 * Data: from the files of a source to what one trial trains on.
 *
 * <p>A {@link org.trawl.core.data.SourceSpec} says which files and how they are read; a {@link
 * org.trawl.core.data.Dataset} is their content in memory; a {@link org.trawl.core.data.DataSpec}
 * says how it is divided and prepared; {@link org.trawl.core.data.TrainingData} is the result for
 * one seed and fold. {@link org.trawl.core.data.DataCache} is the entry: it reads each source once
 * a JVM and keeps data sets and splits for all trials.
 *
 * <p>The cache owns the arrays of a data set and lends them: nobody else writes them. It holds them
 * softly, so that those that no trial uses go when memory is short.
 */
package org.trawl.core.data;
