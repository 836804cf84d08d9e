package org.trawl.core.data.sample;

/** Data that cannot be used: says the file, the place, what was expected and what was found. */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DataException(String message) {
    super(message);
  }

  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
