// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The floor of the echo: epoll and sockets, with nothing in between. Edge-triggered, registered
// once, and no call that is known to find nothing.
#include "measure.h"
#include <arpa/inet.h>
#include <array>
#include <cstddef>
#include <cstdint>
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
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &which;
  check(epoll_ctl(epoll, EPOLL_CTL_ADD, which.fd, &event));
}

/// The kernel may not tell of what comes after these.
constexpr std::uint32_t last = EPOLLRDHUP | EPOLLHUP | EPOLLERR;

/// False once the connection is closed. A read that gives less than there is room for has taken all there was.
bool go_on(peer &here, std::uint32_t events) {
  std::array<char, 4096> buffer;
  for (std::size_t taken = buffer.size(); taken == buffer.size() || (events & last) != 0;) {
    const ssize_t count = recv(here.fd, buffer.data(), buffer.size(), 0);
    if (count < 0)
      return true;
    taken = static_cast<std::size_t>(count);
    here.got += taken;
    if (here.asks && here.got == request_size && --here.left > 0) {
      here.got = 0;
      check(static_cast<int>(send(here.fd, buffer.data(), request_size, MSG_NOSIGNAL)));
    } else if (count == 0 || here.left == 0) {
      close(here.fd);
      return false;
    } else if (!here.asks) {
      check(static_cast<int>(send(here.fd, buffer.data(), taken, MSG_NOSIGNAL)));
    }
  }
  return true;
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
      if (const epoll_event &event = events[static_cast<std::size_t>(i)]; event.events & (EPOLLIN | last))
        open -= go_on(*static_cast<peer *>(event.data.ptr), event.events) ? 0 : 1;
  }
}

} // namespace

int main() {
  const double begin = cpu_ns();
  echo();
  say("echo", cpu_ns() - begin, connections * requests);
}
