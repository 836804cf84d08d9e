package org.trawl.driver.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "a:b",
        "x:y.csv",
        "run:1",
        "12:30.csv",
        "./s3a:b",
        "/data/hdfs:x",
        "a b%20#ü?",
        ":",
        ":x",
        ""
      })
  void whatHasNoSlashAfterItsColonIsAPathHere(String path) {
    assertTrue(Addresses.isLocal(path));
    assertEquals(path, Addresses.localPath(path));
    assertEquals(Optional.empty(), Addresses.problem(path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hdfs://host/a:b", "s3a://bucket/run", "other:/x", "https://host/x.csv"})
  void whatHasASchemeIsAnAddress(String address) {
    assertFalse(Addresses.isLocal(address));
    assertEquals(Optional.empty(), Addresses.problem(address));
  }

  @ParameterizedTest
  @CsvSource({
    "file:/a/b, /a/b",
    "file:///a/b%20c, /a/b c",
    "file:///a/b c, /a/b c",
    "file:/a/b c, /a/b c",
    "file:///a/100%, /a/100%",
    "file:relative, relative"
  })
  void filesAreFoundByTheirAddresses(String address, String path) {
    assertTrue(Addresses.isLocal(address));
    assertEquals(path, Addresses.localPath(address));
  }

  @Test
  void anAddressWithoutItsSlashesIsToldWithTheCure() {
    assertEquals(
        Optional.of("expected an address such as s3a://…, or ./s3a:b for what has that name here"),
        Addresses.problem("s3a:b"));
  }

  @Test
  void aNameThatNoFileSystemTakesIsTold() {
    assertEquals(
        Optional.of("expected names of at most 255 bytes, found one of 300"),
        Addresses.problem("runs/" + "n".repeat(300)));
    assertEquals(
        Optional.of("expected names of at most 255 bytes, found one of 256"),
        Addresses.problem("ü".repeat(128) + "/x"));
    assertEquals(Optional.empty(), Addresses.problem("n".repeat(255) + "/" + "n".repeat(255)));
  }
}
