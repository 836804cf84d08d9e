/**
 * Data sets for people: {@link org.trawl.driver.data.Fetch} brings their files here, {@link
 * org.trawl.driver.data.Description} tells what is in them, {@link
 * org.trawl.driver.data.ContactSheet} shows samples.
 */
package org.trawl.driver.data;
