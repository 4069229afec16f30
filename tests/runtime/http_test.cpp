// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the HTTP parsers make of messages, whole and in pieces, well and badly formed.
#include <algorithm>
#include <catch2/catch.hpp>
#include <coroscope/http.h>
#include <string>
#include <string_view>

using namespace coroscope::http;

namespace {

/// Feeds the bytes in pieces of at most this size; gives how many belonged to the message.
template <class Parser> std::size_t feed(Parser &parser, std::string_view bytes, std::size_t piece) {
  std::size_t used = 0;
  while (used < bytes.size() && !parser.complete() && !parser.error())
    used += parser.feed(bytes.substr(used, piece));
  return used;
}

request_parser parsed(std::string_view bytes, std::size_t piece = 1000) {
  request_parser parser;
  feed(parser, bytes, piece);
  return parser;
}

/// The status with which a request is refused, or 0.
int refused(std::string_view bytes, std::size_t piece) {
  request_parser parser = parsed(bytes, piece);
  if (!parser.error())
    return 0;
  CHECK_FALSE(parser.error()->message.empty());
  CHECK_FALSE(parser.head_complete());
  CHECK_FALSE(parser.complete());
  return parser.error()->status;
}

const std::string host = "Host: a\r\n";

} // namespace

TEST_CASE("a request's head is the same in whatever pieces it comes") {
  const std::string bytes = "GET http://a.b/c?d=e HTTP/1.1\r\nHost: a.b\r\nX-Empty:\r\nAccept:  text/html \r\n\r\n";
  const auto piece = GENERATE(range(1, 90));
  request_parser parser;
  CHECK(feed(parser, bytes + "GET /next", static_cast<std::size_t>(piece)) == bytes.size());
  REQUIRE(parser.head_complete());
  CHECK(parser.complete());
  CHECK(parser.head().method == "GET");
  CHECK(parser.head().target == "http://a.b/c?d=e");
  CHECK(parser.head().minor_version == 1);
  REQUIRE(parser.head().fields.all().size() == 3);
  CHECK(*parser.head().fields.find("host") == "a.b");
  CHECK(parser.head().fields.all()[1] == field{"X-Empty", ""});
  CHECK(*parser.head().fields.find("ACCEPT") == "text/html");
  CHECK(parser.head().fields.find("absent") == nullptr);
}

TEST_CASE("a message ends where its framing says, and not a byte later") {
  const auto piece = static_cast<std::size_t>(GENERATE(1, 2, 7, 1000));
  const auto ends_before_the_mark = [&](std::string_view text) {
    const auto mark = text.find('|');
    std::string bytes(text);
    bytes.erase(mark, 1);
    request_parser parser;
    CHECK(feed(parser, bytes, piece) == mark);
    CHECK(parser.complete());
  };
  ends_before_the_mark("GET / HTTP/1.1\r\nHost: a\r\n\r\n|GET / HTTP/1.1\r\n");
  ends_before_the_mark("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello|GET");
  ends_before_the_mark("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n|hello");
  ends_before_the_mark("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "3;x=y\r\nabc\r\n0\r\nTrailer: t\r\n\r\n|GET");
  ends_before_the_mark("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n|\x16\x03");
  ends_before_the_mark("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n|xyz");
}

TEST_CASE("requests that could be understood in two ways are refused") {
  const auto piece = static_cast<std::size_t>(GENERATE(1, 3, 1000));
  CHECK(refused("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", piece) == 0);
  CHECK(refused("GET / HTTP/1.0\r\n\r\n", piece) == 0);
  CHECK(refused("GET / HTTP/1.1\r\n\r\n", piece) == 400);
  CHECK(refused("GET / HTTP/1.1\r\n" + host + host + "\r\n", piece) == 400);
  CHECK(refused("GET / HTTP/1.1\r\n" + host + "X: a\r\n b\r\n\r\n", piece) == 400);
  CHECK(refused("GET / HTTP/1.1\r\n " + host + "\r\n", piece) == 400);
  CHECK(refused("GET / HTTP/1.1\r\n" + host + ": nameless\r\n\r\n", piece) == 400);
  CHECK(refused("GET / HTTP/1.1\r\n" + host + "X : y\r\n\r\n", piece) == 400);
  CHECK(refused("GET / HTTP/1.1\r\n" + host + "X\r\n\r\n", piece) == 400);
  CHECK(refused("GET / HTTP/1.1\r\n" + host + std::string("X: a\0b\r\n\r\n", 10), piece) == 400);
  CHECK(refused("GET / HTTP/1.1\nHost: a\n\n", piece) == 400);
  CHECK(refused("G@T / HTTP/1.1\r\n" + host + "\r\n", piece) == 400);
  CHECK(refused("GET /\r\n\r\n", piece) != 0);
  CHECK(refused("\x16\x03\x01\x02", piece) == 400);
  CHECK(refused("GET / HTTP/2.0\r\n" + host + "\r\n", piece) == 505);
  CHECK(refused("GET / HTTP/7.3\r\n" + host + "\r\n", piece) == 505);
  CHECK(refused("POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", piece) == 400);
  CHECK(refused("POST / HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n", piece) == 400);
  CHECK(refused("POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", piece) ==
        400);
  CHECK(refused("POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip\r\n\r\n", piece) == 400);
  CHECK(refused("POST / HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n", piece) == 400);
}

TEST_CASE("a head beyond the limits is refused, one within them is not") {
  const std::string start = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
  const std::string end = "\r\n\r\n";
  const parse_limits limits{200, 5};
  const auto status = [&](const std::string &bytes, std::size_t piece) {
    request_parser parser(limits);
    feed(parser, bytes, piece);
    return parser.error() ? parser.error()->status : 0;
  };
  for (const std::size_t piece : {std::size_t(1), std::size_t(64), std::size_t(10'000)}) {
    CHECK(status(start + std::string(200 - start.size() - end.size(), 'x') + end, piece) == 0);
    CHECK(status(start + std::string(201 - start.size() - end.size(), 'x') + end, piece) == 431);
    CHECK(status(start + std::string(5000, 'x'), piece) == 431);
    CHECK(status("GET / HTTP/1.1\r\nHost: a\r\nA:\r\nB:\r\nC:\r\nD:\r\n\r\n", piece) == 0);
    CHECK(status("GET / HTTP/1.1\r\nHost: a\r\nA:\r\nB:\r\nC:\r\nD:\r\nE:\r\n\r\n", piece) == 431);
  }
}

TEST_CASE("an error stays, and a connection that ends early is one") {
  request_parser parser = parsed("GET / HTTP/1.1\r\nHost");
  CHECK_FALSE(parser.error());
  parser.feed_end();
  REQUIRE(parser.error());
  CHECK(parser.feed("GET") == 0);
  request_parser body = parsed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nx");
  CHECK(body.head_complete());
  CHECK_FALSE(body.complete());
  body.feed_end();
  CHECK(body.error());
}

TEST_CASE("whether a response has a body depends on its status and on the request") {
  const auto completes_with_its_head = [](std::string_view method, std::string_view first_lines) {
    response_parser parser(method);
    const std::string bytes = "HTTP/1.1 " + std::string(first_lines) + "\r\n\r\n";
    CHECK(feed(parser, bytes, 1000) == bytes.size());
    CHECK(parser.head_complete());
    return parser.complete();
  };
  CHECK(completes_with_its_head("HEAD", "200 OK\r\nContent-Length: 10"));
  CHECK(completes_with_its_head("GET", "304 Not Modified\r\nContent-Length: 10"));
  CHECK(completes_with_its_head("GET", "204 No Content"));
  CHECK(completes_with_its_head("GET", "100 Continue"));
  CHECK(completes_with_its_head("GET", "200 OK\r\nContent-Length: 0"));
  CHECK_FALSE(completes_with_its_head("GET", "200 OK\r\nContent-Length: 10"));
  CHECK_FALSE(completes_with_its_head("GET", "200 OK\r\nTransfer-Encoding: chunked"));
  CHECK_FALSE(completes_with_its_head("GET", "200 OK"));
}

TEST_CASE("a response without a length lasts until the connection ends") {
  response_parser parser("GET");
  feed(parser, "HTTP/1.1 404 Not Here\r\nX: y\r\n\r\nsome bytes", 5);
  CHECK(parser.head().status == 404);
  CHECK(parser.head().reason == "Not Here");
  CHECK_FALSE(parser.complete());
  parser.feed_end();
  CHECK(parser.complete());
  CHECK_FALSE(parser.error());
}

TEST_CASE("heads are written as they were read") {
  const std::string bytes = "POST /x HTTP/1.0\r\nHost: a\r\nB: c d\r\nContent-Length: 0\r\n\r\n";
  CHECK(parsed(bytes).head().to_string() == bytes);
  response_parser response("GET");
  const std::string answer = "HTTP/1.1 200 All is well\r\nContent-Length: 0\r\n\r\n";
  feed(response, answer, 1000);
  CHECK(response.head().to_string() == answer);
}

TEST_CASE("fields for one hop are removed, those they name too, but never what frames the message") {
  field_list fields;
  for (const char *name : {"Host", "connection", "X-Named", "Keep-Alive", "Proxy-Connection", "TE", "Upgrade",
                           "Content-Length", "Accept", "Proxy-Authorization"})
    fields.add(name, std::string(name) == "connection" ? "close , x-named,content-length, ,Host" : "v");
  fields.add("Connection", "x-other");
  fields.add("X-Other", "v");
  remove_hop_by_hop_fields(fields);
  std::string left;
  for (const field &each : fields.all())
    left += each.name + ' ';
  CHECK(left == "Host Content-Length Accept ");
}

TEST_CASE("an authority is a host and perhaps a port") {
  CHECK(split_authority("example.org:443")->host == "example.org");
  CHECK(split_authority("example.org:443")->port == 443);
  CHECK_FALSE(split_authority("example.org")->port.has_value());
  CHECK_FALSE(split_authority("example.org:")->port.has_value());
  CHECK(split_authority("[::1]:80")->host == "::1");
  CHECK(split_authority("[::1]:80")->port == 80);
  for (const char *text : {"", ":80", "a:b", "a:65536", "a:80:80", "[::1", "[a]:80", "[::1]80", "a b:80", "u@a:80",
                           "a/b:80", "a:+80", "[127.0.0.1]:80"})
    CHECK_FALSE(split_authority(text).has_value());
}

TEST_CASE("an absolute target is a scheme, an authority and a path") {
  const auto split = split_absolute_target("HTTP://Example.org:8080/a/b?c=http://d#e");
  REQUIRE(split);
  CHECK(split->scheme == "http");
  CHECK(split->authority == "Example.org:8080");
  CHECK(split->path == "/a/b?c=http://d");
  CHECK(split_absolute_target("http://a")->path == "/");
  CHECK(split_absolute_target("http://a?b")->path == "/?b");
  CHECK(split_absolute_target("http://a#f")->path == "/");
  for (const char *text :
       {"", "/", "http:/a", "://a", "http://", "http:///x", "http://u@a/", "h ttp://a/", "1http://a"})
    CHECK_FALSE(split_absolute_target(text).has_value());
}
