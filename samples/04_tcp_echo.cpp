// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Step 4: a server that talks to many clients on one thread.
//
//   client --bytes--> tcp_listener.accept -> spawn(echo(stream)) -> read_some -> write_all --the same bytes--> client
//
//   04_tcp_echo [--port=N] [--connections=N]   serves on 127.0.0.1 (port 0: any), for ever or that many connections
//   04_tcp_echo --self-test                    is its own three clients as well, and needs no other program
#include <array>
#include <coroscope/event_loop.h>
#include <coroscope/tcp_listener.h>
#include <coroscope/tcp_stream.h>
#include <cstdint>
#include <exception>
#include <iostream>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using coroscope::task;
using coroscope::tcp_listener;
using coroscope::tcp_stream;

// One coroutine a connection. It looks like blocking code; at each co_await that has to wait, the loop serves others.
// `stream` is a parameter and `buffer` a local, both used across suspends: the frame of each connection holds them.
task<std::size_t> echo(tcp_stream stream) {
  std::array<char, 1024> buffer;
  std::size_t total = 0;
  while (const std::size_t count = co_await stream.read_some(buffer)) {
    co_await stream.write_all(std::string_view(buffer.data(), count));
    total += count;
  }
  co_return total; // ~tcp_stream closes the connection
}

// A client that goes away without a goodbye must not end the server: the exception stays in that client's task.
task<std::size_t> serve_one(tcp_stream stream, int number) {
  std::size_t total = 0;
  try {
    total = co_await echo(std::move(stream));
  } catch (const std::exception &problem) {
    std::cerr << "connection " << number << ": " << problem.what() << '\n';
  }
  co_return total;
}

// Takes the listener by reference: main_task's frame holds it for as long as this one runs.
task<std::size_t> serve(tcp_listener &listener, int connections) {
  std::vector<coroscope::join_handle<std::size_t>> serving;
  for (int number = 1; number <= connections; ++number) {
    auto handle = coroscope::spawn(serve_one(co_await listener.accept(), number));
    if (connections != std::numeric_limits<int>::max())
      serving.push_back(std::move(handle)); // to be joined; else the loop holds it and it joins itself
  }
  std::size_t total = 0;
  for (auto &connection : serving)
    total += co_await connection;
  co_return total;
}

// Sends a message in two halves, says that it has finished, and reads until the echo has finished too.
task<std::string> ask(std::uint16_t port, std::string message) {
  tcp_stream stream = co_await tcp_stream::connect("127.0.0.1", port);
  const std::string_view all = message;
  co_await stream.write_all(all.substr(0, all.size() / 2));
  co_await stream.write_all(all.substr(all.size() / 2));
  stream.shutdown_write();

  std::string answer;
  std::array<char, 16> buffer;
  while (const std::size_t count = co_await stream.read_some(buffer))
    answer.append(buffer.data(), count);
  co_return answer;
}

task<int> self_test(tcp_listener &listener) {
  auto server = coroscope::spawn(serve(listener, 3));
  const std::vector<std::string> messages{"hello", "a message longer than one read of the client", ""};
  std::vector<coroscope::join_handle<std::string>> clients;
  for (const std::string &message : messages)
    clients.push_back(coroscope::spawn(ask(listener.local_port(), message)));

  bool all_equal = true;
  for (std::size_t i = 0; i < clients.size(); ++i) {
    const std::string answer = co_await clients[i];
    std::cout << "client " << i + 1 << " got back: '" << answer << "'\n";
    all_equal = all_equal && answer == messages[i];
  }
  std::cout << "the server echoed " << co_await server << " bytes\n";
  co_return all_equal ? 0 : 1;
}

task<int> main_task(std::uint16_t port, int connections, bool tests_itself) {
  tcp_listener listener = tcp_listener::bind({coroscope::ip_address::loopback(), port});
  if (tests_itself)
    co_return co_await self_test(listener);
  std::cout << "listening on " << listener.local().to_string() << std::endl;
  std::cout << "echoed " << co_await serve(listener, connections) << " bytes\n";
  co_return 0;
}

std::uint16_t port_number(const std::string &text) {
  const unsigned long number = std::stoul(text);
  if (number > std::numeric_limits<std::uint16_t>::max())
    throw std::out_of_range("a port is at most 65535, not " + text);
  return static_cast<std::uint16_t>(number);
}

int main(int argc, char **argv) {
  std::uint16_t port = 0;
  int connections = std::numeric_limits<int>::max();
  bool tests_itself = false;
  try {
    for (const std::string &argument : std::vector<std::string>(argv + 1, argv + argc)) {
      if (argument.starts_with("--port="))
        port = port_number(argument.substr(7));
      else if (argument.starts_with("--connections="))
        connections = std::stoi(argument.substr(14));
      else if (argument == "--self-test")
        tests_itself = true;
      else
        throw std::invalid_argument("unknown argument " + argument);
    }
    return coroscope::run(main_task(port, connections, tests_itself));
  } catch (const std::exception &problem) {
    std::cerr << argv[0] << ": " << problem.what()
              << "\nusage: 04_tcp_echo [--port=N] [--connections=N] [--self-test]\n";
    return 2;
  }
}
