// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the proxy does to requests in absolute form and to their responses.
#include "origin.h"
#include "process.h"
#include <barrier>
#include <catch2/catch.hpp>
#include <future>

using namespace coroscope::testing;

namespace {

/// Reads as much of a body as Content-Length announced.
std::string read_body(blocking_socket &connection, const origin::request &request, std::size_t length) {
  std::string body = request.body_so_far;
  while (body.size() < length) {
    const std::string more = connection.receive();
    if (more.empty())
      break;
    body += more;
  }
  return body;
}

/// Reads a body in chunks and takes the chunks' framing away.
std::string read_chunks(blocking_socket &connection, const origin::request &request) {
  std::string raw = request.body_so_far;
  while (!raw.ends_with("\r\n0\r\n\r\n"))
    raw += connection.receive();
  std::string body;
  for (std::size_t at = 0;;) {
    const std::size_t size = std::stoul(raw.substr(at), nullptr, 16);
    if (size == 0)
      return body;
    at = raw.find("\r\n", at) + 2;
    body += raw.substr(at, size);
    at += size + 2;
  }
}

std::string response(const std::string &body, const std::string &fields = "") {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + fields + "\r\n" + body;
}

/// Bytes that differ from place to place, so that a lost or swapped piece is seen.
std::string pattern(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<char>('a' + (i * 31 + i / 977) % 26);
  return bytes;
}

/// What the proxy answers to these bytes, with the client's half closed after them.
std::string raw(const proxy_process &proxy, const std::string &bytes) {
  const blocking_socket client = blocking_socket::connect(proxy.port());
  client.send(bytes);
  client.shutdown_write();
  return client.receive_all();
}

} // namespace

TEST_CASE("a GET reaches the origin in origin form and its response reaches curl") {
  const origin server([](blocking_socket &connection, origin::request) { connection.send(response("hello")); });
  proxy_process proxy(1);
  const curl_result got = curl(proxy, {server.url("/path?query=1")});
  CHECK(got.exit_code == 0);
  CHECK(got.output == "hello");
  CHECK(proxy.wait() == 0);
  REQUIRE(server.heads().size() == 1);
  const std::string head = server.heads()[0];
  CHECK(head.starts_with("GET /path?query=1 HTTP/1.1\r\n"));
  CHECK(head.find("\r\nHost: 127.0.0.1:" + std::to_string(server.port()) + "\r\n") != std::string::npos);
}

TEST_CASE("fields for one hop stop at the proxy, all others pass") {
  const origin server([](blocking_socket &connection, origin::request) {
    connection.send(response("x", "Keep-Alive: timeout=5\r\nConnection: keep-alive, X-Origin-Hop\r\n"
                                  "X-Origin-Hop: no\r\nX-Origin-End: yes\r\n"));
  });
  proxy_process proxy(1);
  const curl_result got =
      curl(proxy, {"--include", "-H", "Connection: X-Client-Hop, Content-Length", "-H", "X-Client-Hop: no", "-H",
                   "X-Client-End: yes", "-H", "Proxy-Authorization: Basic c2VjcmV0", "-H", "TE: trailers", "-H",
                   "Proxy-Connection: keep-alive", "--data", "a body", server.url("/")});
  CHECK(proxy.wait() == 0);
  CHECK(got.output.find("X-Origin-Hop") == std::string::npos);
  CHECK(got.output.find("Keep-Alive") == std::string::npos);
  CHECK(got.output.find("X-Origin-End: yes\r\n") != std::string::npos);
  CHECK(got.output.find("Connection: close\r\n") != std::string::npos);

  const std::string head = server.heads().at(0);
  for (const char *gone : {"X-Client-Hop", "Proxy-", "secret", "TE:"})
    CHECK(head.find(gone) == std::string::npos);
  for (const char *kept : {"X-Client-End: yes\r\n", "Content-Length: 6\r\n", "Connection: close\r\n", "Via: 1.1 "})
    CHECK(head.find(kept) != std::string::npos);
}

TEST_CASE("a POST body arrives whole, with its length announced or in chunks") {
  const bool chunked = GENERATE(false, true);
  const std::string body = pattern(100'000) + '&' + pattern(100'001); // curl joins several --data with '&'
  std::promise<std::string> received;
  const origin server([&](blocking_socket &connection, origin::request request) {
    connection.send("HTTP/1.1 100 Continue\r\n\r\n");
    received.set_value(chunked ? read_chunks(connection, request) : read_body(connection, request, body.size()));
    connection.send(response("thanks"));
  });
  proxy_process proxy(1);
  const curl_result got =
      curl(proxy, {"-H", chunked ? "Transfer-Encoding: chunked" : "X-Plain: 1", "-H", "Expect: 100-continue",
                   "--data-binary", pattern(100'000), "--data-binary", pattern(100'001), server.url("/upload")});
  CHECK(got.exit_code == 0);
  CHECK(got.output == "thanks");
  CHECK(proxy.wait() == 0);
  CHECK((received.get_future().get() == body));
}

TEST_CASE("responses without a body, in chunks, and until the end of the connection all end where they end") {
  struct expectation {
    std::string answer;
    std::vector<std::string> arguments;
    std::string output;
  };
  const auto expected = GENERATE(
      expectation{"HTTP/1.1 204 No Content\r\n\r\n", {"--write-out", "%{http_code}"}, "204"},
      expectation{"HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n", {"--write-out", "%{http_code}"}, "304"},
      expectation{
          "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", {"--head", "-o", "-", "--write-out", "%{http_code}"}, ""},
      expectation{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: x\r\n\r\n",
                  {},
                  "abcde"},
      expectation{"HTTP/1.0 200 OK\r\n\r\nuntil the end", {}, "until the end"});
  const origin server([&](blocking_socket &connection, origin::request) { connection.send(expected.answer); });
  proxy_process proxy(1);
  std::vector<std::string> arguments = expected.arguments;
  arguments.push_back(server.url("/"));
  const curl_result got = curl(proxy, arguments);
  CHECK(got.exit_code == 0);
  if (expected.output.empty())
    CHECK(got.output.find("200 OK") != std::string::npos);
  else
    CHECK(got.output == expected.output);
  CHECK(proxy.wait() == 0);
}

TEST_CASE("clients are served at the same time") {
  constexpr int clients = 8;
  // No one is answered before all have arrived: a proxy that serves one after the other would never end.
  std::barrier all_arrived(clients);
  const origin server([&](blocking_socket &connection, origin::request request) {
    all_arrived.arrive_and_wait();
    connection.send(response(request.head.substr(0, request.head.find(" HTTP"))));
  });
  proxy_process proxy(clients);
  std::vector<process> running;
  for (int i = 0; i < clients; ++i)
    running.push_back(start_curl(proxy, {server.url("/" + std::to_string(i))}));
  for (int i = 0; i < clients; ++i) {
    CHECK(running[static_cast<std::size_t>(i)].read_all() == "GET /" + std::to_string(i));
    CHECK(running[static_cast<std::size_t>(i)].wait() == 0);
  }
  CHECK(proxy.wait() == 0);
}

TEST_CASE("a client that sends its head byte by byte is served, and holds nobody up") {
  const origin server([](blocking_socket &connection, origin::request) { connection.send(response("hello")); });
  proxy_process proxy(3);
  const blocking_socket slow = blocking_socket::connect(proxy.port());
  const std::string request = "GET " + server.url("/slow") + " HTTP/1.1\r\nHost: x\r\n\r\n";
  for (std::size_t i = 0; i < request.size(); ++i) {
    slow.send(request.substr(i, 1));
    if (i == 3 || i == request.size() - 3)
      CHECK(curl(proxy, {server.url("/fast")}).output == "hello");
  }
  CHECK(slow.receive_all().ends_with("\r\n\r\nhello"));
  CHECK(proxy.wait() == 0);
}

TEST_CASE("a large response reaches a client that reads slowly") {
  const std::string body = pattern(8'000'000);
  const origin server([&](blocking_socket &connection, origin::request) { connection.send(response(body)); });
  proxy_process proxy(2);
  const blocking_socket slow = blocking_socket::connect(proxy.port());
  slow.send("GET " + server.url("/") + " HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(curl(proxy, {server.url("/")}).output == body); // while the other one's response is stuck
  const std::string received = slow.receive_all();
  const auto end = received.find("\r\n\r\n");
  REQUIRE(end != std::string::npos);
  CHECK(received.substr(end + 4) == body);
  CHECK(proxy.wait() == 0);
}

TEST_CASE("what is no proper request is refused with a status") {
  struct expectation {
    std::string request;
    std::string status;
  };
  const auto expected = GENERATE(
      expectation{"rubbish\r\n\r\n", "400 Bad Request"}, expectation{"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "400 "},
      expectation{"GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n", "400 "},
      expectation{"GET http://a/ HTTP/1.1\r\n\r\n", "400 "},
      expectation{"GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", "400 "},
      expectation{"GET http://a/ HTTP/3.0\r\nHost: a\r\n\r\n", "505 "},
      expectation{"GET http://a/ HTTP/1.1\r\nHost: a\r\n", "400 "},
      expectation{"CONNECT no-port HTTP/1.1\r\nHost: a\r\n\r\n", "400 "},
      expectation{"POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                  "400 "},
      expectation{"GET http://a/ HTTP/1.1\r\nHost: a\r\nX: " + std::string(70'000, 'x') + "\r\n\r\n", "431 "});
  proxy_process proxy(1);
  const std::string answer = raw(proxy, expected.request);
  CHECK_THAT(answer, Catch::Matchers::StartsWith("HTTP/1.1 " + expected.status));
  CHECK(proxy.wait() == 0);
}

TEST_CASE("a client that says nothing is no problem") {
  proxy_process proxy(1);
  CHECK(raw(proxy, "").empty());
  CHECK(proxy.wait() == 0);
}

TEST_CASE("an origin that refuses, or answers nonsense, or nothing, is a bad gateway") {
  SECTION("refuses") {
    proxy_process proxy(1);
    const std::string url = "http://127.0.0.1:" + std::to_string(closed_port()) + "/";
    const curl_result got = curl(proxy, {"--write-out", "%{http_code}", url});
    CHECK(got.output.find("refused") != std::string::npos);
    CHECK(got.output.ends_with("502"));
    CHECK(proxy.wait() == 0);
  }
  SECTION("answers nonsense or nothing") {
    const std::string nonsense = GENERATE("", "nonsense\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Le");
    const origin server([&](blocking_socket &connection, origin::request) { connection.send(nonsense); });
    proxy_process proxy(1);
    CHECK(curl(proxy, {"-o", "/dev/null", "--write-out", "%{http_code}", server.url("/")}).output == "502");
    CHECK(proxy.wait() == 0);
  }
}

TEST_CASE("a response that is cut off is seen as cut off by the client") {
  const origin server([](blocking_socket &connection, origin::request) {
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
  });
  proxy_process proxy(1);
  const curl_result got = curl(proxy, {"--stderr", "/dev/null", server.url("/")});
  CHECK(got.output == "only this");
  CHECK(got.exit_code == 18); // CURLE_PARTIAL_FILE
  CHECK(proxy.wait() == 0);
}

TEST_CASE("an answer given before the request's body was read reaches the client") {
  const origin server([](blocking_socket &connection, origin::request) {
    connection.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nno\n");
    connection.shutdown_write();
    connection.receive_all();
  });
  proxy_process proxy(1);
  const curl_result got = curl(proxy, {"-H", "Expect:", "--data-binary", pattern(100'000), server.url("/")});
  CHECK(got.output == "no\n");
  CHECK(proxy.wait() == 0);
}

TEST_CASE("a client that goes away in the middle of its body lets the origin know") {
  std::string received;
  {
    const origin server([&](blocking_socket &connection, origin::request request) {
      received = request.body_so_far + connection.receive_all();
    });
    proxy_process proxy(1);
    const std::string answer =
        raw(proxy, "POST " + server.url("/") + " HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nfive!");
    CHECK(answer.starts_with("HTTP/1.1 502 "));
    CHECK(proxy.wait() == 0);
  }
  CHECK(received == "five!");
}

TEST_CASE("what follows the request is not passed on as a part of it") {
  std::string received;
  {
    const origin server([&](blocking_socket &connection, origin::request request) {
      received = request.body_so_far;
      connection.send(response("one"));
      connection.shutdown_write();
      received += connection.receive_all();
    });
    proxy_process proxy(1);
    const std::string first = "GET " + server.url("/1") + " HTTP/1.1\r\nHost: a\r\n\r\n";
    const std::string second = "GET " + server.url("/2") + " HTTP/1.1\r\nHost: a\r\n\r\n";
    CHECK(raw(proxy, first + second).ends_with("one"));
    CHECK(proxy.wait() == 0);
    CHECK(server.heads().size() == 1);
  }
  CHECK(received.empty());
}
