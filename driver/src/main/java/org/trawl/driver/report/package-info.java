/**
 * What a run says: rows of its tables to comparisons, leaderboards, a trial's details, and rows of
 * any kind to text.
 *
 * <p>{@link org.trawl.driver.report.CompareReports}, {@link org.trawl.driver.report.BestReport},
 * {@link org.trawl.driver.report.TrialDetails} and {@link org.trawl.driver.report.SqlQuery} each
 * answer a verb of the command line, {@link org.trawl.driver.report.SweepSummary} ends a run;
 * {@link org.trawl.driver.report.Rows} are printed in a {@link org.trawl.driver.report.Format}.
 * Only SqlQuery starts Spark. Rows belong to who read them and are not changed.
 */
package org.trawl.driver.report;
