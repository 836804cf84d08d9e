package org.trawl.driver.results;

/**
 * The storage or the cluster failed (exit status 3); what is finished is kept, and running again
 * goes on. The message says what to do.
 */
public final class InfrastructureException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InfrastructureException(String message, Throwable cause) {
    super(message, cause);
  }
}
