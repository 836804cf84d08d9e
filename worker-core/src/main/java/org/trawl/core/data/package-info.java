/**
 * Data: from the files of a source to what one trial trains on.
 *
 * <p>A {@link org.trawl.core.data.source.SourceSpec} says which files and how they are read; a
 * {@link org.trawl.core.data.sample.Dataset} is their content in memory; a {@link
 * org.trawl.core.data.split.DataSpec} says how it is divided and prepared; {@link
 * org.trawl.core.data.split.TrainingData} is the result for one seed and fold. {@link
 * org.trawl.core.data.DataCache} is the entry: it reads each source once a JVM and keeps data sets
 * and splits for all trials. {@link org.trawl.core.data.SourceReader}, the list of the formats,
 * reads one to look at it.
 *
 * <p>The rooms, each of which knows some of those before it and none behind it: {@code sample},
 * samples in memory; {@code source}, which files there are and how they are read; {@code storage},
 * their bytes; {@code format}, a reader a format; {@code preparation}, features made of features;
 * {@code split}, the parts of a data set. ArchitectureTest has the walls.
 *
 * <p>The cache owns the arrays of a data set and lends them: nobody else writes them. It holds them
 * softly, so that those that no trial uses go when memory is short.
 */
package org.trawl.core.data;
