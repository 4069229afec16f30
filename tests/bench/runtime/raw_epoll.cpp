// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The floor of the echo: epoll and sockets, with nothing in between. Edge-triggered, registered once, tries first.
#include "measure.h"
#include <arpa/inet.h>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

struct peer {
  int fd;
  bool asks;
  int left = requests;
  std::size_t got = 0;
};

int check(int result) {
  if (result < 0)
    std::abort();
  return result;
}

void watch(int epoll, peer &which) {
  const int on = 1;
  check(setsockopt(which.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLET;
  event.data.ptr = &which;
  check(epoll_ctl(epoll, EPOLL_CTL_ADD, which.fd, &event));
}

/// False once the connection is closed.
bool go_on(peer &here) {
  std::array<char, 4096> buffer;
  for (;;) {
    const ssize_t count = recv(here.fd, buffer.data(), here.asks ? request_size : buffer.size(), 0);
    if (count < 0)
      return true;
    if (count > 0 && !here.asks) {
      check(static_cast<int>(send(here.fd, buffer.data(), static_cast<std::size_t>(count), MSG_NOSIGNAL)));
      continue;
    }
    here.got += static_cast<std::size_t>(count);
    if (here.asks && here.got == request_size && --here.left > 0) {
      here.got = 0;
      check(static_cast<int>(send(here.fd, buffer.data(), request_size, MSG_NOSIGNAL)));
    } else if (count == 0 || here.left == 0) {
      close(here.fd);
      return false;
    }
  }
}

void echo() {
  const int listener = check(socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  check(bind(listener, reinterpret_cast<sockaddr *>(&address), sizeof address));
  check(listen(listener, 1024));
  socklen_t size = sizeof address;
  check(getsockname(listener, reinterpret_cast<sockaddr *>(&address), &size));
  const int epoll = check(epoll_create1(0));
  std::vector<std::unique_ptr<peer>> peers;
  const std::array<char, request_size> first{};
  for (int i = 0; i < connections; ++i) {
    const int client = check(socket(AF_INET, SOCK_STREAM, 0));
    check(connect(client, reinterpret_cast<sockaddr *>(&address), sizeof address));
    const int server = check(accept4(listener, nullptr, nullptr, SOCK_NONBLOCK));
    check(static_cast<int>(send(client, first.data(), first.size(), 0)));
    check(fcntl(client, F_SETFL, O_NONBLOCK));
    watch(epoll, *peers.emplace_back(new peer{client, true}));
    watch(epoll, *peers.emplace_back(new peer{server, false}));
  }
  std::array<epoll_event, 256> events;
  for (int open = 2 * connections; open > 0;) {
    const int count = check(epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1));
    for (int i = 0; i < count; ++i)
      if (!go_on(*static_cast<peer *>(events[static_cast<std::size_t>(i)].data.ptr)))
        --open;
  }
}

} // namespace

int main() {
  const double begin = cpu_ns();
  echo();
  say("echo", cpu_ns() - begin, connections * requests);
}
