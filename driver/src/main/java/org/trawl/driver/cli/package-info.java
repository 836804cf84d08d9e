/**
 * The command line: a class a verb, started by {@link org.trawl.driver.cli.Main}. The only package
 * that prints.
 */
package org.trawl.driver.cli;
