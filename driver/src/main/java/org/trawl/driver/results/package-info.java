/**
 * A run's results in its folder: the journal, which is the only truth, and the tables made from it.
 *
 * <p>{@link org.trawl.driver.results.RunFolder} is a folder at an address, and where reading
 * begins: {@code RunFolders.find("quickstart").rows(Table.TRIALS)}. {@link
 * org.trawl.driver.results.Journal} keeps {@link org.trawl.driver.results.Segment}s, {@link
 * org.trawl.driver.results.RunTables} makes the {@link org.trawl.driver.results.Table}s, {@link
 * org.trawl.driver.results.CleanUp} removes what is not needed. Parquet is written and read in
 * memory, without Spark; bytes and rows belong to who asked for them.
 */
package org.trawl.driver.results;
