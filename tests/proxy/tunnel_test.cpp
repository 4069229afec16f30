// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the proxy does after CONNECT: bytes both ways, and each direction ends for itself.
#include "origin.h"
#include "process.h"
#include <catch2/catch.hpp>
#include <future>

using namespace coroscope::testing;

namespace {

const std::string established = "HTTP/1.1 200 Connection established\r\n\r\n";

/// A tunnel that stands; the origin has got `first`, which must hold an empty line for it to start.
blocking_socket open_tunnel(const proxy_process &proxy, std::uint16_t port, const std::string &first) {
  blocking_socket client = blocking_socket::connect(proxy.port());
  const std::string authority = "127.0.0.1:" + std::to_string(port);
  client.send("CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n" + first);
  std::string answer;
  while (answer.size() < established.size())
    answer += client.receive(established.size() - answer.size());
  REQUIRE(answer == established);
  return client;
}

} // namespace

TEST_CASE("curl talks through a tunnel") {
  const origin server([](blocking_socket &connection, origin::request) {
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
  });
  proxy_process proxy(1);
  const curl_result got = curl(proxy, {"--proxytunnel", server.url("/through")});
  CHECK(got.exit_code == 0);
  CHECK(got.output == "hello");
  CHECK(proxy.wait() == 0);
  CHECK(server.heads().at(0).starts_with("GET /through HTTP/1.1\r\n"));
  CHECK(server.heads().at(0).find("Via") == std::string::npos); // what is in a tunnel is not the proxy's business
}

TEST_CASE("bytes sent together with the CONNECT go into the tunnel") {
  const origin server([](blocking_socket &connection, origin::request request) {
    connection.send("got " + request.head.substr(0, 5));
  });
  proxy_process proxy(1);
  CHECK(open_tunnel(proxy, server.port(), "early\r\n\r\n").receive_all() == "got early");
  CHECK(proxy.wait() == 0);
}

TEST_CASE("the client's half close reaches the origin, whose answer still comes back") {
  const origin server([](blocking_socket &connection, origin::request request) {
    const std::string all = request.head + request.body_so_far + connection.receive_all();
    connection.send("received " + std::to_string(all.size()));
  });
  proxy_process proxy(1);
  const blocking_socket client = open_tunnel(proxy, server.port(), "\r\n\r\n");
  client.send(std::string(96, 'x'));
  client.shutdown_write();
  CHECK(client.receive_all() == "received 100");
  CHECK(proxy.wait() == 0);
}

TEST_CASE("the origin's half close reaches the client, which may still send") {
  std::string received;
  {
    const origin server([&](blocking_socket &connection, origin::request) {
      connection.send("bye");
      connection.shutdown_write();
      received = connection.receive_all();
    });
    proxy_process proxy(1);
    const blocking_socket client = open_tunnel(proxy, server.port(), "\r\n\r\n");
    CHECK(client.receive_all() == "bye");
    client.send("one more thing");
    client.shutdown_write();
    CHECK(proxy.wait() == 0);
  }
  CHECK(received == "one more thing");
}

TEST_CASE("a reset on either side ends the tunnel") {
  SECTION("by the origin") {
    const origin server([](blocking_socket &connection, origin::request) { connection.reset_on_close(); });
    proxy_process proxy(1);
    const blocking_socket client = open_tunnel(proxy, server.port(), "\r\n\r\n");
    CHECK(client.receive_all().empty());
    CHECK(proxy.wait() == 0);
  }
  SECTION("by the client") {
    std::promise<std::string> received;
    const origin server(
        [&](blocking_socket &connection, origin::request) { received.set_value(connection.receive_all()); });
    proxy_process proxy(1);
    open_tunnel(proxy, server.port(), "\r\n\r\n").reset_on_close();
    CHECK(received.get_future().get().empty());
    CHECK(proxy.wait() == 0);
  }
}

TEST_CASE("a tunnel to where nobody listens is a bad gateway") {
  proxy_process proxy(1);
  const curl_result got = curl(proxy, {"--proxytunnel", "--stderr", "/dev/null", "--write-out", "%{http_connect}",
                                       "http://127.0.0.1:" + std::to_string(closed_port()) + "/"});
  CHECK(got.output == "502");
  CHECK(got.exit_code != 0);
  CHECK(proxy.wait() == 0);
}
