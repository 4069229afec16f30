// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What comes before anybody asks for it: after a read or an accept that was cancelled the kernel may go on bringing
// (io_uring does), and it is kept, in order, within bounds, wherever the stream goes.
#include "on_each_backend.h"
#include "plain_client.h"
#include "resources.h"
#include "streams.h"
#include "virtual_time.h"
#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <coroscope/event_loop.h>
#include <coroscope/io_backend.h>
#include <coroscope/sleep.h>
#include <coroscope/task_group.h>
#include <coroscope/tcp_listener.h>
#include <coroscope/tcp_stream.h>
#include <coroscope/unix_stream.h>
#include <coroscope/when_all.h>
#include <coroscope/with_timeout.h>
#include <cstddef>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

using namespace coroscope;
using namespace coroscope::testing;
using namespace std::chrono_literals;

namespace {

tcp_listener listen_on_loopback() { return tcp_listener::bind({ip_address::loopback(), 0}); }

/// Reads, is cancelled while it waits, and so leaves the kernel told that somebody reads.
task<> read_in_vain(byte_stream &from) {
  auto reading = spawn([](byte_stream &stream) -> task<> { co_await read_once(stream); }(from));
  co_await sleep_for(1ms);
  reading.cancel();
  co_await reading.ended();
}

task<> accept_in_vain(tcp_listener &on) {
  auto accepting = spawn([](tcp_listener &listener) -> task<> { co_await listener.accept(); }(on));
  co_await sleep_for(1ms);
  accepting.cancel();
  co_await accepting.ended();
}

/// For as long as this exists something waits, and so a loop in virtual time asks the kernel before time jumps.
class waiting_task {
public:
  waiting_task() : waits_(spawn([](byte_stream &stream) -> task<> { co_await read_once(stream); }(ends_.first))) {}
  waiting_task(const waiting_task &) = delete;
  waiting_task &operator=(const waiting_task &) = delete;
  ~waiting_task() { waits_.cancel(); }

private:
  std::pair<unix_stream, unix_stream> ends_ = unix_stream::pair();
  join_handle<> waits_;
};

/// All that comes before an error or the end, and the error.
struct ending {
  std::string received;
  std::error_code error;
};
task<ending> read_to_the_end(byte_stream &from) {
  ending of;
  std::array<char, 5> buffer;
  try {
    while (const std::size_t count = co_await from.read_some(buffer))
      of.received.append(buffer.data(), count);
  } catch (const std::system_error &error) {
    of.error = error.code();
  }
  co_return of;
}

} // namespace

TEST_CASE_METHOD(on_each_backend,
                 "what comes after a cancelled read is there for the next one, and the end behind it") {
  run_in_virtual_time([]() -> task<> {
    tcp_listener listener = listen_on_loopback();
    plain_client client(listener);
    tcp_stream stream = co_await listener.accept();
    const waiting_task other;
    co_await read_in_vain(stream);
    for (const char *piece : {"one ", "two ", "three "}) {
      client.send(piece);
      co_await sleep_for(1ms);
    }
    client.send("four");
    client.finish();
    co_await sleep_for(1ms);
    const ending of = co_await with_timeout(1h, read_to_the_end(stream));
    CHECK(of.received == "one two three four");
    CHECK(!of.error);
    const std::size_t behind = co_await read_once(stream);
    CHECK(behind == 0);
  }());
}

TEST_CASE_METHOD(on_each_backend, "a reset behind what has come is heard once that was read") {
  run_in_virtual_time([]() -> task<> {
    tcp_listener listener = listen_on_loopback();
    plain_client client(listener);
    tcp_stream stream = co_await listener.accept();
    const waiting_task other;
    co_await read_in_vain(stream);
    client.send("before the reset");
    co_await sleep_for(1ms);
    client.reset();
    co_await sleep_for(1ms);
    const ending of = co_await with_timeout(1h, read_to_the_end(stream));
    CHECK(of.received == "before the reset");
    CHECK(is(of.error, std::errc::connection_reset));
  }());
}

TEST_CASE_METHOD(on_each_backend, "what has come goes with the stream to another loop, of any back end") {
  for (const io_backend other : {io_backend::epoll, io_backend::poll, backend_})
    for (const bool first_lives_on : {false, true}) {
      std::vector<unix_stream> ends;
      auto first = std::make_unique<event_loop>();
      first->run([](std::vector<unix_stream> &both) -> task<> {
        auto [far, near] = unix_stream::pair();
        auto waiting = spawn(read_once(near));
        co_await yield_now();
        co_await yield_now();
        co_await far.write_all("first ");
        const std::size_t count = co_await waiting;
        CHECK(count == 6);
        co_await read_in_vain(near);
        co_await far.write_all("second ");
        co_await sleep_for(1ms);
        both.push_back(std::move(near));
        both.push_back(std::move(far));
      }(ends));
      if (!first_lives_on)
        first.reset();
      std::string received;
      std::thread([&] {
        received = run(
            [](unix_stream &near, unix_stream &far) -> task<std::string> {
              auto reading = spawn(read_all(near));
              co_await yield_now();
              co_await write_and_finish(far, "third");
              co_return co_await reading;
            }(ends[0], ends[1]),
            other);
      }).join();
      CHECK(received == "second third");
    }
}

TEST_CASE_METHOD(on_each_backend, "a fast writer waits for a reader that has stopped, and memory stays bounded") {
  run_in_virtual_time([]() -> task<> {
    tcp_listener listener = listen_on_loopback();
    auto [writer, reader] = co_await when_all(tcp_stream::connect(listener.local()), listener.accept());
    const waiting_task other;
    co_await read_in_vain(reader);
    const std::string sent = pattern(20'000'000); // more than the kernel's buffers hold
    const std::size_t before = heap_in_use();
    auto writing = spawn([](tcp_stream &to, const std::string &bytes) -> task<> {
      co_await to.write_all(bytes);
      to.shutdown_write();
    }(writer, sent));
    co_await sleep_for(50ms);
    CHECK_FALSE(writing.done());
    CHECK(heap_in_use() < before + 2'000'000);
    std::string received;
    std::string buffer(10'000, '\0');
    for (std::size_t count = 1; count != 0; received.append(buffer, 0, count)) {
      co_await sleep_for(1ms);
      count = co_await reader.read_some(buffer);
    }
    CHECK((received == sent));
    co_await writing;
  }());
}

TEST_CASE_METHOD(on_each_backend, "a writer of little by little waits for a reader that has stopped as well") {
  run_in_virtual_time([]() -> task<> {
    auto [writer, reader] = unix_stream::pair();
    const waiting_task other;
    co_await read_in_vain(reader);
    const std::string piece = pattern(1000);
    constexpr int pieces = 2000; // more than the kernel's buffers hold
    auto writing = spawn([](unix_stream &to, const std::string &bytes) -> task<> {
      for (int i = 0; i < pieces; ++i) {
        co_await to.write_all(bytes);
        co_await sleep_for(1ms);
      }
      to.shutdown_write();
    }(writer, piece));
    co_await sleep_for(1min);
    CHECK_FALSE(writing.done());
    const std::string received = co_await read_all(reader);
    CHECK(received.size() == pieces * piece.size());
    for (std::size_t at = 0; at < received.size(); at += piece.size())
      REQUIRE((received.compare(at, piece.size(), piece) == 0));
    co_await writing;
  }());
}

TEST_CASE_METHOD(on_each_backend, "more comes at once than there are buffers for, and each stream has its own") {
  run_in_virtual_time([]() -> task<> {
    std::vector<std::pair<unix_stream, unix_stream>> pairs;
    for (int i = 0; i < 200; ++i)
      pairs.push_back(unix_stream::pair());
    const waiting_task other;
    for (auto &each : pairs)
      spawn(read_in_vain(each.first));
    co_await sleep_for(2ms);
    for (unsigned i = 0; i < pairs.size(); ++i) // three buffers for each
      spawn([](unix_stream &to, unsigned seed) -> task<> {
        co_await write_and_finish(to, pattern(10'000, seed));
      }(pairs[i].second, i));
    co_await sleep_for(2ms);
    for (unsigned i = 0; i < pairs.size(); ++i) {
      const std::string received = co_await with_timeout(1h, read_all(pairs[i].first, 999));
      CHECK((received == pattern(10'000, i)));
    }
  }());
}

TEST_CASE_METHOD(on_each_backend, "connections that came at once are accepted one after the other") {
  run_in_virtual_time([]() -> task<> {
    tcp_listener listener = listen_on_loopback();
    const waiting_task other;
    co_await accept_in_vain(listener);
    std::vector<std::unique_ptr<plain_client>> clients;
    for (int i = 0; i < 30; ++i) {
      clients.push_back(std::make_unique<plain_client>(listener));
      clients.back()->send(std::string(1, static_cast<char>('a' + i)));
    }
    co_await sleep_for(1ms);
    std::string received;
    for (int i = 0; i < 30; ++i) {
      tcp_stream stream = co_await with_timeout(1h, listener.accept());
      std::array<char, 2> buffer;
      const std::size_t count = co_await stream.read_some(buffer);
      received.append(buffer.data(), count);
    }
    std::string all;
    for (int i = 0; i < 30; ++i)
      all.push_back(static_cast<char>('a' + i));
    CHECK(received == all);
  }());
}

TEST_CASE_METHOD(on_each_backend,
                 "connections that nobody accepts are reset with their listener, and none stays open") {
  const std::size_t descriptors = open_descriptors();
  run_in_virtual_time([]() -> task<> {
    tcp_listener listener = listen_on_loopback();
    const waiting_task other;
    co_await accept_in_vain(listener);
    std::vector<tcp_stream> clients;
    for (int i = 0; i < 30; ++i)
      clients.push_back(co_await tcp_stream::connect(listener.local()));
    co_await sleep_for(1ms);
    listener.close();
    for (tcp_stream &each : clients) {
      const std::error_code code = co_await with_timeout(1h, error_of(read_once(each)));
      CHECK(is(code, std::errc::connection_reset));
    }
  }());
  CHECK(open_descriptors() == descriptors);
}

TEST_CASE_METHOD(on_each_backend, "while nobody accepts, connections wait in the listener's queue") {
  run_in_virtual_time([]() -> task<> {
    tcp_listener listener = listen_on_loopback();
    const waiting_task other;
    co_await accept_in_vain(listener);
    const plain_client first(listener); // of which the kernel tells, and then it is told that nobody wants any
    co_await sleep_for(1ms);
    co_await sleep_for(1ms);
    const std::size_t before = open_descriptors();
    std::vector<std::unique_ptr<plain_client>> clients;
    for (int i = 0; i < 30; ++i)
      clients.push_back(std::make_unique<plain_client>(listener));
    co_await sleep_for(1ms);
    CHECK(open_descriptors() == before + clients.size());
  }());
}

TEST_CASE_METHOD(on_each_backend, "a write that is cancelled at once and its stream leave nothing behind") {
  run_in_virtual_time([]() -> task<> {
    for (int turns = 0; turns < 4; ++turns) {
      auto [far, near] = unix_stream::pair();
      auto reading = spawn(read_all(near));
      auto other = spawn(error_of(read_once(far))); // the back end knows of both
      co_await sleep_for(1ms);
      auto bytes = std::make_unique<std::string>(pattern(5'000'000));
      auto writing =
          spawn([](unix_stream &to, const std::string &what) -> task<> { co_await to.write_all(what); }(far, *bytes));
      for (int i = 0; i < turns; ++i)
        co_await yield_now();
      writing.cancel();
      co_await writing.ended();
      bytes->assign(bytes->size(), '!'); // nobody reads it any more
      bytes.reset();
      far.close();
      const std::error_code closed = co_await other;
      CHECK(is(closed, std::errc::operation_canceled));
      const std::string received = co_await reading;
      CHECK((received == pattern(5'000'000).substr(0, received.size())));
    }
  }());
}
