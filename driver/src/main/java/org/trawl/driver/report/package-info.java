/**
 * What a run says: rows of its tables to comparisons, leaderboards, a trial's details, and rows of
 * any kind to text.
 *
 * <p>{@link org.trawl.driver.report.Rows} are printed in a {@link org.trawl.driver.report.Format}.
 * Everything here is a pure function of rows; nothing opens files or starts Spark, but for {@link
 * org.trawl.driver.report.SqlQuery}. Values are never changed in place: rows belong to who read
 * them.
 */
package org.trawl.driver.report;
