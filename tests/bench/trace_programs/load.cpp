// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Clients for the echo server and the proxy, on blocking sockets.
//
//   load echo PORT CONNECTIONS ROUNDS    each connection sends 64 bytes and reads them back, so often, all in step
//   load proxy PORT REQUESTS             a connection a request, to an origin of its own that answers 512 bytes
#include <arpa/inet.h>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

constexpr std::size_t body_size = 512;

[[noreturn]] void fail(const char *what) {
  std::perror(what);
  std::exit(1);
}

sockaddr_in loopback(unsigned port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

int connected(unsigned port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = loopback(port);
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
    fail("connect");
  return fd;
}

void send_all(int fd, const std::string &text) {
  for (std::size_t sent = 0; sent < text.size();) {
    const ssize_t count = send(fd, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count <= 0)
      fail("send");
    sent += static_cast<std::size_t>(count);
  }
}

void echo(unsigned port, unsigned connections, unsigned rounds) {
  std::vector<int> all;
  for (unsigned i = 0; i < connections; ++i)
    all.push_back(connected(port));
  const std::string message(64, 'x');
  char buffer[64];
  for (unsigned round = 0; round < rounds; ++round) {
    for (const int fd : all)
      send_all(fd, message);
    for (const int fd : all)
      if (recv(fd, buffer, sizeof buffer, MSG_WAITALL) != sizeof buffer)
        fail("recv");
  }
  for (const int fd : all)
    close(fd);
}

/// Reads a head, answers, closes; until it was asked often enough.
void serve(int listening, unsigned requests) {
  const std::string body(body_size, 'y');
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 512\r\nConnection: close\r\n\r\n" + body;
  for (unsigned i = 0; i < requests; ++i) {
    const int fd = accept(listening, nullptr, nullptr);
    std::string head;
    char buffer[2048];
    while (head.find("\r\n\r\n") == std::string::npos) {
      const ssize_t count = recv(fd, buffer, sizeof buffer, 0);
      if (count <= 0)
        fail("origin");
      head.append(buffer, static_cast<std::size_t>(count));
    }
    send_all(fd, answer);
    close(fd);
  }
}

void proxy(unsigned port, unsigned requests) {
  const int listening = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (bind(listening, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0 ||
      listen(listening, 64) != 0 || getsockname(listening, reinterpret_cast<sockaddr *>(&address), &size) != 0)
    fail("listen");
  std::thread origin(serve, listening, requests);
  const std::string host = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  const std::string request = "GET http://" + host + "/ HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
  for (unsigned i = 0; i < requests; ++i) {
    const int fd = connected(port);
    send_all(fd, request);
    std::string answer;
    char buffer[2048];
    while (answer.find("\r\n\r\n") == std::string::npos || answer.size() - answer.find("\r\n\r\n") < 4 + body_size) {
      const ssize_t got = recv(fd, buffer, sizeof buffer, 0);
      if (got <= 0)
        fail("the proxy's answer");
      answer.append(buffer, static_cast<std::size_t>(got));
    }
    close(fd);
  }
  origin.join();
}

unsigned number(const char *word) { return static_cast<unsigned>(std::strtoul(word, nullptr, 10)); }

} // namespace

int main(int count, char **words) {
  if (count == 5 && std::strcmp(words[1], "echo") == 0)
    echo(number(words[2]), number(words[3]), number(words[4]));
  else if (count == 4 && std::strcmp(words[1], "proxy") == 0)
    proxy(number(words[2]), number(words[3]));
  else
    return 2;
}
