// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Addresses from text and back.
#include <catch2/catch.hpp>
#include <coroscope/ip_address.h>
#include <net/if.h>
#include <string>
#include <string_view>

using coroscope::ip_address;
using coroscope::ip_endpoint;

TEST_CASE("an address that is parsed and written again is in its shortest form") {
  CHECK(ip_address::parse("127.0.0.1")->to_string() == "127.0.0.1");
  CHECK(ip_address::parse("0:0:0:0:0:0:0:1")->to_string() == "::1");
  CHECK(ip_address::parse("2001:DB8::a")->to_string() == "2001:db8::a");
  CHECK(ip_address::parse("127.0.0.1") == ip_address::loopback());
  CHECK_FALSE(ip_address::parse("127.0.0.1")->is_v6());
  CHECK(ip_address::parse("::ffff:127.0.0.1")->is_v6());
  CHECK(ip_endpoint{*ip_address::parse("::1"), 80}.to_string() == "[::1]:80");
  CHECK(ip_endpoint{ip_address::loopback(), 8080}.to_string() == "127.0.0.1:8080");
}

TEST_CASE("a zone is a name or a number, and stays with the address") {
  const auto by_name = ip_address::parse("fe80::1%lo");
  REQUIRE(by_name.has_value());
  CHECK(by_name->zone() == ::if_nametoindex("lo"));
  CHECK(by_name->to_string() == "fe80::1%lo");
  CHECK(by_name == ip_address::parse("fe80::1%" + std::to_string(by_name->zone())));
  CHECK(by_name != ip_address::parse("fe80::1"));
  CHECK(ip_address::parse("fe80::1%4000000000")->to_string() == "fe80::1%4000000000");
  for (const char *const text : {"fe80::1%", "fe80::1%nosuchzone", "fe80::1%1x", "127.0.0.1%lo", "%lo"})
    CHECK_FALSE(ip_address::parse(text).has_value());
}

TEST_CASE("what is no numeric address gives none") {
  using namespace std::string_view_literals;
  for (const std::string_view text : {""sv, "localhost"sv, "1.2.3"sv, "1.2.3.256"sv, "01.2.3.4x"sv, "[::1]"sv,
                                      "::1::"sv, "127.0.0.1 "sv, "127.0.0.1\0"sv, "127.0.0.1\0x"sv})
    CHECK_FALSE(ip_address::parse(text).has_value());
}
