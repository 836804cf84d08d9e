/**
 * From a sweep to its trials: {@link org.trawl.driver.plan.Planner} expands and checks, {@link
 * org.trawl.driver.plan.Plan} is the immutable result, a pure function of the sweep and of the
 * data's content. The plan owns the loaded data sets; nobody writes to them.
 */
package org.trawl.driver.plan;
