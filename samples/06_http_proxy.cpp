// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Step 6: a real program. A forward HTTP proxy for many clients at once, on one thread.
//
//   client --GET http://host/path--> read_head -> forward -> origin      request and response flow at the same time,
//          <------- response ------------------------------<             so each is a task, joined by when_all
//   client --CONNECT host:443--> tunnel <--> origin                      bytes both ways until both sides have ended
//
//   06_http_proxy [--port=N] [--connections=N]   on 127.0.0.1 (port 0: any), for ever or that many connections
//   curl -x http://127.0.0.1:PORT http://…       curl -p -x http://127.0.0.1:PORT https://…
//
// Each connection carries one request: the proxy says `Connection: close` to both sides.
#include <array>
#include <coroscope/event_loop.h>
#include <coroscope/http.h>
#include <coroscope/tcp_listener.h>
#include <coroscope/tcp_stream.h>
#include <coroscope/when_all.h>
#include <exception>
#include <iostream>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

using coroscope::task;
using coroscope::tcp_listener;
using coroscope::tcp_stream;
namespace http = coroscope::http;

// A status to answer with, thrown to where a request is handled.
struct refusal {
  int status;
  std::string detail;
};

// One message being read from a stream: the parser, and bytes that were read beyond what it has looked at.
template <class Parser> struct incoming {
  tcp_stream &stream;
  Parser parser;
  std::string unread;
};

// Reads until the head is complete, however few bytes come at a time. False where the peer ended without a byte.
template <class Parser> task<bool> read_head(incoming<Parser> &message) {
  std::array<char, 4096> buffer;
  bool any = !message.unread.empty();
  for (;;) {
    message.unread.erase(0, message.parser.feed(message.unread));
    if (message.parser.error() || message.parser.head_complete())
      co_return any;
    const std::size_t count = co_await message.stream.read_some(buffer);
    if (count == 0) {
      message.parser.feed_end();
      co_return any;
    }
    any = true;
    message.unread.append(buffer.data(), count);
  }
}

// Passes the body on as it comes, chunked or not; the parser only says where it ends.
template <class Parser> task<> pass_body(incoming<Parser> &message, tcp_stream &to) {
  std::array<char, 16384> buffer;
  for (;;) {
    while (!message.unread.empty() && !message.parser.complete() && !message.parser.error()) {
      const std::size_t used = message.parser.feed(message.unread);
      co_await to.write_all(std::string_view(message.unread).substr(0, used));
      message.unread.erase(0, used);
    }
    if (message.parser.complete() || message.parser.error())
      co_return;
    const std::size_t count = co_await message.stream.read_some(buffer);
    if (count == 0) {
      message.parser.feed_end();
      co_return;
    }
    message.unread.assign(buffer.data(), count);
  }
}

// The request's body, beside the response: an origin may answer, and close, before it has read all of it.
task<> upload(incoming<http::request_parser> &request, tcp_stream &origin) {
  try {
    co_await pass_body(request, origin);
  } catch (const std::system_error &) {
    // The origin wants no more of it, or the client is gone.
  }
  if (!request.parser.complete())
    origin.shutdown_write(); // it must not wait for the rest; what it answers now still goes to the client
}

// The response, preceded by any number of 1xx heads. False where it never began, so that the client can be told.
task<bool> download(tcp_stream &origin, std::string method, tcp_stream &client) {
  incoming<http::response_parser> response{origin, http::response_parser(method), {}};
  bool began = false;
  try {
    for (;;) {
      co_await read_head(response);
      if (!response.parser.head_complete() || response.parser.head().status == 101)
        co_return began;
      http::response_head head = response.parser.head();
      http::remove_hop_by_hop_fields(head.fields);
      const bool interim = head.status / 100 == 1;
      if (!interim)
        head.fields.add("Connection", "close");
      head.fields.add("Via", "1.1 coroscope");
      began = true;
      co_await client.write_all(head.to_string());
      if (!interim)
        break;
      response.parser = http::response_parser(method);
    }
    co_await pass_body(response, client);
  } catch (const std::system_error &) {
    // Cut off in the middle: the client sees a body that is too short.
  }
  origin.close(); // so that an upload that nobody reads any more ends as well
  co_return began;
}

task<tcp_stream> connect_to(std::string authority, std::uint16_t default_port) {
  const std::optional<http::authority> to = http::split_authority(authority);
  if (!to || (!to->port && default_port == 0))
    throw refusal{400, "'" + authority + "' is not a host and a port"};
  try {
    co_return co_await tcp_stream::connect(to->host, to->port.value_or(default_port));
  } catch (const std::system_error &problem) {
    throw refusal{502, problem.what()};
  }
}

task<> forward(incoming<http::request_parser> &request) {
  http::request_head head = request.parser.head();
  const std::optional<http::absolute_target> target = http::split_absolute_target(head.target);
  if (!target || target->scheme != "http")
    throw refusal{400, "this proxy takes http://host/path and CONNECT, not '" + head.target + "'"};
  tcp_stream origin = co_await connect_to(target->authority, 80);

  http::remove_hop_by_hop_fields(head.fields);
  head.target = target->path;
  head.fields.set("Host", target->authority);
  head.fields.add("Connection", "close");
  head.fields.add("Via", "1.1 coroscope");
  bool sent = true;
  try {
    co_await origin.write_all(head.to_string());
  } catch (const std::system_error &) {
    sent = false;
  }
  if (!sent)
    throw refusal{502, "the origin closed the connection"};
  const auto [uploaded, answered] =
      co_await coroscope::when_all(upload(request, origin), download(origin, head.method, request.stream));
  if (!answered)
    throw refusal{502, "the origin gave no valid response"};
}

// One direction of a tunnel. The end of one is passed on by closing half of the other; an error ends both.
task<> pump(tcp_stream &from, tcp_stream &to, std::string first) {
  std::array<char, 16384> buffer;
  try {
    co_await to.write_all(first);
    while (const std::size_t count = co_await from.read_some(buffer))
      co_await to.write_all(std::string_view(buffer.data(), count));
    to.shutdown_write();
  } catch (const std::system_error &) {
    from.close();
    to.close();
  }
}

task<> tunnel(incoming<http::request_parser> &request) {
  tcp_stream origin = co_await connect_to(request.parser.head().target, 0);
  co_await request.stream.write_all("HTTP/1.1 200 Connection established\r\n\r\n");
  co_await coroscope::when_all(pump(request.stream, origin, std::move(request.unread)),
                               pump(origin, request.stream, ""));
}

task<> answer(tcp_stream &client, refusal why) {
  http::response_head head{why.status, http::reason_phrase(why.status), 1, {}};
  const std::string body = why.detail + "\n";
  head.fields.add("Content-Type", "text/plain");
  head.fields.add("Content-Length", std::to_string(body.size()));
  head.fields.add("Connection", "close");
  co_await client.write_all(head.to_string() + body);
}

// Closing while bytes are unread would make the kernel reset the connection, and the client lose the answer. So a
// client that was answered before it had finished is read on, until it closes.
task<> say_goodbye(tcp_stream &client) {
  constexpr std::size_t patience = 1 << 20;
  std::array<char, 4096> ignored;
  client.shutdown_write();
  for (std::size_t total = 0; total < patience;) {
    const std::size_t count = co_await client.read_some(ignored);
    if (count == 0)
      break;
    total += count;
  }
}

task<> handle(incoming<http::request_parser> &request) {
  std::optional<refusal> refused;
  try {
    if (!co_await read_head(request))
      co_return;
    if (const auto &error = request.parser.error())
      throw refusal{error->status, error->message};
    if (request.parser.head().method == "CONNECT")
      co_await tunnel(request);
    else
      co_await forward(request);
  } catch (refusal &why) {
    refused = std::move(why); // co_await cannot stand in a handler
  }
  if (refused)
    co_await answer(request.stream, *refused);
  if (request.stream.is_open() && !(request.parser.complete() && request.unread.empty()))
    co_await say_goodbye(request.stream);
}

// Whatever happens to one client stays with it.
task<> serve_one(tcp_stream client) {
  incoming<http::request_parser> request{client, http::request_parser(), {}};
  try {
    co_await handle(request);
  } catch (const std::system_error &problem) {
    std::cerr << "client: " << problem.what() << '\n';
  }
}

task<> main_task(std::uint16_t port, int connections) {
  tcp_listener listener = tcp_listener::bind({coroscope::ip_address::loopback(), port});
  std::cout << "listening on " << listener.local().to_string() << std::endl;
  std::vector<coroscope::join_handle<void>> serving;
  for (int number = 0; number < connections; ++number) {
    auto handle = coroscope::spawn(serve_one(co_await listener.accept()));
    if (connections != std::numeric_limits<int>::max())
      serving.push_back(std::move(handle));
  }
  listener.close();
  for (auto &client : serving)
    co_await client;
}

int main(int argc, char **argv) {
  unsigned long port = 0;
  int connections = std::numeric_limits<int>::max();
  try {
    for (const std::string &argument : std::vector<std::string>(argv + 1, argv + argc)) {
      if (argument.starts_with("--port="))
        port = std::stoul(argument.substr(7));
      else if (argument.starts_with("--connections="))
        connections = std::stoi(argument.substr(14));
      else
        throw std::invalid_argument("unknown argument " + argument);
    }
    if (port > std::numeric_limits<std::uint16_t>::max())
      throw std::out_of_range("a port is at most 65535, not " + std::to_string(port));
    coroscope::run(main_task(static_cast<std::uint16_t>(port), connections));
  } catch (const std::exception &problem) {
    std::cerr << argv[0] << ": " << problem.what() << "\nusage: 06_http_proxy [--port=N] [--connections=N]\n";
    return 2;
  }
}
